/** @file How many bytes an element of a tensor takes in an ONNX file. */
import onnxProto from 'onnx-proto';

const { FLOAT, INT32, UINT32, INT64, UINT64, DOUBLE, COMPLEX64, COMPLEX128, INT16, UINT16, FLOAT16, BFLOAT16 } =
  onnxProto.onnx.TensorProto.DataType;
/** Later than what `onnx-proto` names: UINT4, INT4, FLOAT4E2M1; UINT2, INT2. */
const [HALVES, QUARTERS] = [
  [21, 22, 23],
  [25, 26],
];

const rows = (types: readonly number[], bytes: number) => types.map((type): [number, number] => [type, bytes]);

const BYTES: ReadonlyMap<number, number> = new Map([
  ...rows([COMPLEX128], 16),
  ...rows([INT64, UINT64, DOUBLE, COMPLEX64], 8),
  ...rows([FLOAT, INT32, UINT32], 4),
  ...rows([INT16, UINT16, FLOAT16, BFLOAT16], 2),
  ...rows(HALVES, 1 / 2),
  ...rows(QUARTERS, 1 / 4),
]);

/** @param dataType one of `TensorProto.DataType`; those of less than a byte lie side by side */
export const elementBytes = (dataType: number): number => BYTES.get(dataType) ?? 1;
