/** @file Operators that cost no multiply-accumulates by the conventions of `Network.cost`: pools, norms, activations, sums, moves. */
import type { OperatorRule } from './rule.js';

const rows = (rule: OperatorRule, names: string): [string, OperatorRule][] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => [name, rule]);

const none: OperatorRule = {};
const inPlace: OperatorRule = { memory: 'in-place', content: [0] };
const view: OperatorRule = { memory: 'view', content: [0] };
const move: OperatorRule = { content: [0] };
/** What comes out are places in the input, and not its content. */
const places: OperatorRule = { content: [] };

export const costlessRules: ReadonlyMap<string, OperatorRule> = new Map<string, OperatorRule>([
  // Element by element, or channel by channel.
  ...rows(
    inPlace,
    `Abs Acos Acosh Asin Asinh Atan Atanh Ceil Celu Clip Cos Cosh Elu Erf Exp Floor Gelu HardSigmoid HardSwish Hardmax
    LeakyRelu Log LogSoftmax Mish Neg Not Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softmax Softplus
    Softsign Sqrt Swish Tan Tanh ThresholdedRelu IsInf IsNaN Cast CastLike BitCast LRN LpNormalization
    MeanVarianceNormalization QuantizeLinear DequantizeLinear CumSum CumProd Trilu Bernoulli RandomNormalLike
    RandomUniformLike BitwiseNot Mod Pow RotaryEmbedding com.microsoft.RotaryEmbedding com.microsoft.QuickGelu
    com.microsoft.Gelu com.microsoft.Trilu com.microsoft.QuantizeLinear com.microsoft.DequantizeLinear
    com.microsoft.QLinearSigmoid com.microsoft.QLinearLeakyRelu com.microsoft.QLinearSoftmax com.microsoft.BiasSoftmax`,
  ),
  ...rows(
    { memory: 'in-place' },
    'And Or Xor BitShift BitwiseAnd BitwiseOr BitwiseXor Equal Greater GreaterOrEqual Less LessOrEqual Max Min Mean',
  ),
  ...rows({ memory: 'in-place', content: [1, 2] }, 'Where com.microsoft.QLinearWhere'),
  ...rows({ memory: 'in-place', adjusts: [0, 1] }, 'Add Sub Mul Div'),
  ...rows({ memory: 'in-place', adjusts: [0, 1, 2, 3, 4, 5, 6, 7] }, 'Sum'),
  ...rows({ memory: 'in-place', adjusts: [0, 3] }, 'com.microsoft.QLinearAdd com.microsoft.QLinearMul'),
  // Scale and shift are weights; running mean and variance are not.
  ...rows({ memory: 'in-place', weights: [1, 2], content: [0], rescales: true }, 'BatchNormalization'),
  ...rows(
    { memory: 'in-place', weights: [1, 2], content: [0] },
    `InstanceNormalization LayerNormalization GroupNormalization RMSNormalization
    SimplifiedLayerNormalization com.microsoft.LayerNormalization com.microsoft.SimplifiedLayerNormalization
    com.microsoft.GroupNorm`,
  ),
  ...rows({ memory: 'in-place', weights: [2, 3, 4] }, 'com.microsoft.SkipLayerNormalization'),
  ...rows({ memory: 'in-place', weights: [2, 3] }, 'com.microsoft.SkipSimplifiedLayerNormalization'),
  ...rows({ weights: [2, 3, 4, 5, 6] }, 'com.microsoft.EmbedLayerNormalization'),
  ...rows(
    { memory: 'in-place', weights: [1] },
    'PRelu com.microsoft.BiasGelu com.microsoft.FastGelu com.microsoft.BiasAdd com.microsoft.BiasSplitGelu',
  ),
  // Across positions, without products.
  ...rows(
    move,
    `MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool GlobalLpPool MaxUnpool Col2Im GridSample Resize Upsample
    ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare
    TopK Unique Pad CenterCropPad ReverseSequence Multinomial
    com.microsoft.QLinearAveragePool com.microsoft.QLinearGlobalAveragePool com.microsoft.QLinearReduceMean
    com.microsoft.NhwcMaxPool com.microsoft.GridSample com.microsoft.nchwc.MaxPool com.microsoft.nchwc.AveragePool
    com.microsoft.nchwc.GlobalAveragePool com.microsoft.nchwc.GlobalMaxPool com.microsoft.nchwc.Upsample`,
  ),
  ...rows(move, 'RoiAlign MaxRoiPool GatherElements'),
  ...rows({ scales: [1, 2], content: [0] }, 'DynamicQuantizeLinear'),
  ...rows(places, 'ArgMax ArgMin NonZero NonMaxSuppression OneHot'),
  // Moves.
  ...rows(view, 'Identity Dropout Reshape Flatten Squeeze Unsqueeze'),
  ...rows(none, 'ScatterElements ScatterND Scatter TensorScatter'),
  ...rows(
    move,
    `Transpose Slice Split Expand Tile Compress DepthToSpace SpaceToDepth
    com.microsoft.nchwc.ReorderInput com.microsoft.nchwc.ReorderOutput`,
  ),
  ...rows({ adjusts: [0, 1, 2, 3, 4, 5, 6, 7] }, 'Concat com.microsoft.QLinearConcat'),
  ...rows({ adjusts: [0], content: [0] }, 'Gather GatherND'),
  // Tensors that are made.
  ...rows(
    places,
    `ConstantOfShape EyeLike Range RandomNormal RandomUniform HannWindow HammingWindow BlackmanWindow MelWeightMatrix
    Shape Size`,
  ),
  // What runs other operators, and lists of tensors.
  ...rows(
    none,
    `If Loop Scan SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SplitToSequence
    ConcatFromSequence Optional OptionalGetElement OptionalHasElement`,
  ),
]);

/** Operators that say how large a tensor is: what they give does not depend on what the tensor holds. */
export const MEASURES: ReadonlySet<string> = new Set(['Shape', 'Size']);
