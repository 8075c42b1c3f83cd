/** @file The part of libsvm-js that tests compare with; it has no published types. */
declare module 'libsvm-js/asm.js' {
  export default class SVM {
    static readonly SVM_TYPES: { readonly NU_SVR: string };
    static readonly KERNEL_TYPES: { readonly LINEAR: string; readonly RBF: string };
    constructor(options: {
      readonly type: string;
      readonly kernel: string;
      readonly cost: number;
      readonly gamma: number;
      readonly nu: number;
      readonly tolerance: number;
      readonly quiet: boolean;
    });
    train(samples: readonly (readonly number[])[], labels: readonly number[]): void;
    predict(samples: readonly (readonly number[])[]): number[];
    free(): void;
  }
}
