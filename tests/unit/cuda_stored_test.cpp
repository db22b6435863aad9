// Kernels of a card for arrays that are stored in 16 bits: what the reference gives for the same numbers in float32, rounded
// once. Runs on a card where there is one, and on the host with the plugin that is built without nvcc.
#include <QtTest>

#include <map>
#include <set>

#include "core/base/error.h"
#include "core/ops/support/infer.h"
#include "tests/unit/device_arrays.h"

using namespace weft;
using namespace device_arrays;

namespace {

/// Ops that must have such kernels: those that stand between layers.
const std::set<std::string> storing{"Conv",
                                    "ConvInputGradient",
                                    "ConvKernelGradient",
                                    "FusedConv",
                                    "FusedConvAdd",
                                    "MatMul",
                                    "FusedMatMul",
                                    "MaskedMatMul",
                                    "DenseGradient",
                                    "MaxPool",
                                    "MaxPoolGradient",
                                    "AveragePool",
                                    "AveragePoolGradient",
                                    "IndexedMaxPool",
                                    "IndexedMaxPoolGradient",
                                    "BatchNorm",
                                    "BatchNormGradient",
                                    "BatchNormInference",
                                    "FusedBatchNorm",
                                    "FusedBatchNormGradient",
                                    "LayerNorm",
                                    "LayerNormGradient",
                                    "FusedLayerNorm",
                                    "FusedLayerNormGradient",
                                    "Attention",
                                    "AttentionGradient",
                                    "Softmax",
                                    "SoftmaxGradient",
                                    "MaskedSoftmax",
                                    "SoftmaxCrossEntropy",
                                    "SoftmaxCrossEntropyGradient",
                                    "FusedCrossEntropy",
                                    "IsCorrect",
                                    "Add",
                                    "Subtract",
                                    "Multiply",
                                    "Divide",
                                    "Maximum",
                                    "Minimum",
                                    "MaximumGradient",
                                    "MinimumGradient",
                                    "Relu",
                                    "ReluGradient",
                                    "Sigmoid",
                                    "SigmoidGradient",
                                    "Tanh",
                                    "TanhGradient",
                                    "Negate",
                                    "Affine",
                                    "LeakyRelu",
                                    "LeakyReluGradient",
                                    "Elu",
                                    "EluGradient",
                                    "Softplus",
                                    "SoftplusGradient",
                                    "Gelu",
                                    "GeluGradient",
                                    "Silu",
                                    "SiluGradient",
                                    "Mish",
                                    "MishGradient",
                                    "HardSwish",
                                    "HardSwishGradient",
                                    "ClippedRelu",
                                    "ClippedReluGradient",
                                    "Dropout",
                                    "ElementwiseChain",
                                    "GaussianNoise",
                                    "Reshape",
                                    "Transpose",
                                    "Concat",
                                    "Slice",
                                    "SliceGradient",
                                    "BroadcastTo",
                                    "SumTo",
                                    "ReduceSum",
                                    "ReduceMean",
                                    "ReduceMax",
                                    "ReduceMeanGradient",
                                    "ReduceMaxGradient",
                                    "MeanOverTime",
                                    "MeanOverTimeGradient",
                                    "MaxOverTime",
                                    "MaxOverTimeGradient",
                                    "Embedding",
                                    "EmbeddingMean",
                                    "EmbeddingGradient",
                                    "EmbeddingRows",
                                    "Pixels",
                                    "FirstRows",
                                    "FirstRowsGradient",
                                    "SimpleRnn",
                                    "SimpleRnnGradient",
                                    "Lstm",
                                    "LstmGradient",
                                    "Gru",
                                    "GruGradient"};

/// Of these the first inputs alone are stored in 16 bits: weights and statistics are not.
const std::map<std::string, std::size_t> firstInputs{{"BatchNorm", 1},
                                                     {"BatchNormGradient", 2},
                                                     {"BatchNormInference", 1},
                                                     {"LayerNorm", 1},
                                                     {"LayerNormGradient", 2},
                                                     {"FusedLayerNorm", 2},
                                                     {"FusedLayerNormGradient", 2},
                                                     {"FusedBatchNorm", 1},
                                                     {"FusedBatchNormGradient", 2},
                                                     {"Embedding", 0},
                                                     {"EmbeddingMean", 0},
                                                     {"SimpleRnn", 3},
                                                     {"Lstm", 3},
                                                     {"Gru", 3}};

/// Ops that can give float32 (`resultTypeAttribute`), and gradients of weights, which always do.
const std::set<std::string> widening{"MatMul", "FusedMatMul", "SumTo", "ReduceSum", "ReduceMean", "ElementwiseChain"};
const std::set<std::string> gradientsOfWeights{"ConvKernelGradient", "DenseGradient", "EmbeddingGradient", "EmbeddingRows"};

/// A recurrent op's: slopes, recurrent kernel and y; gates are not.
bool isRecurrentGradient(const KernelCase& one)
{
    return one.attributes.has("hasDLast");
}
std::size_t slopesOf(const KernelCase& one)
{
    return (one.attributes.flag("hasDy") ? 1u : 0u) + (one.attributes.flag("hasDLast") ? 1u : 0u);
}

bool isStored(const KernelCase& one, std::size_t input)
{
    if (isRecurrentGradient(one) && input >= slopesOf(one) + 2)
        return false;
    const auto first = firstInputs.find(one.op);
    if ((one.op == "FusedBatchNorm" || one.op == "FusedLayerNormGradient") && input >= 3)
        return true; // what is added
    const bool isSum = (one.op == "SoftmaxCrossEntropyGradient" && input == 0) || (one.op == "AttentionGradient" && input == 5);
    return one.inputs[input].dtype == DType::Float32 && !isSum && (first == firstInputs.end() || input < first->second);
}

/// Of ops that read none: tables are float32, pictures bytes.
bool givesStoredAlone(const KernelCase& one)
{
    return one.op == "Embedding" || one.op == "EmbeddingMean" || one.op == "Pixels";
}

/// The case with what is stored in `type`.
KernelCase storedIn(const KernelCase& one, DType type, bool isWide)
{
    KernelCase stored = one;
    for (std::size_t i = 0; i < stored.inputs.size(); ++i) {
        if (isStored(one, i))
            stored.inputs[i].dtype = type;
    }
    if (givesStoredAlone(one))
        stored.attributes.set(resultTypeAttribute, static_cast<std::int64_t>(type));
    if (isWide && one.op == "FusedMatMul")
        stored.inputs[2].dtype = DType::Float32; // the bias is stored as the result
    if (isWide || gradientsOfWeights.count(one.op))
        stored.attributes.set(resultTypeAttribute, static_cast<std::int64_t>(DType::Float32));
    return stored;
}

Arrays copiesIn(const Arrays& from, const std::vector<CaseInput>& types)
{
    Arrays copies;
    for (std::size_t i = 0; i < from.size(); ++i) {
        copies.emplace_back(ArrayType{types[i].dtype, from[i].array.type.extents});
        for (std::int64_t j = 0; j < from[i].array.count(); ++j)
            setValue(copies[i].array, j, valueAt(from[i].array, j));
    }
    return copies;
}

/// What rounding to nearest takes away at most, a little more for what float32 rounds before.
double roundingOf(DType type, double value)
{
    constexpr double margin = 1.01, leastOfFloat16 = 1.0 / (1 << 25);
    switch (type) {
    case DType::BFloat16: return margin * std::abs(value) / (1 << 8);
    case DType::Float16: return margin * std::max(std::abs(value) / (1 << 11), leastOfFloat16);
    default: return 0;
    }
}

/// How often what lies between the kernels of an op is rounded: a bias that cuDNN does not add is added to what has been, and the
/// weights of an attention and their slopes are factors of products.
double roundingsBetween(const KernelCase& one)
{
    if (one.op.starts_with("Attention"))
        return 4;
    // Products of a step take its slopes, and of wide layers the state before it; each step makes more of what that is off.
    if (isRecurrentGradient(one))
        return 4;
    if (one.attributes.has("forTraining"))
        return one.inputs[2].extents[0] > 200 ? 32 : 0;
    if (one.op == "FusedLayerNorm")
        return 1; // the sum
    return (one.op.ends_with("Conv") || one.op == "FusedConvAdd") && one.inputs.size() > 2 ? 1 : 0;
}

/// Whether a number is larger than float16 has any: slopes of gates that are no gates grow from step to step.
bool isBeyondFloat16(const Arrays& arrays)
{
    constexpr double largest = 65504;
    const auto isLarge = [](const Array& array) {
        bool is = false;
        for (std::int64_t i = 0; i < array.count(); ++i)
            is = is || (std::isfinite(valueAt(array, i)) && std::abs(valueAt(array, i)) > largest);
        return is;
    };
    return std::any_of(arrays.begin(), arrays.end(), [&](const OwnedArray& one) { return isLarge(one.array); });
}

/// Attention that cuDNN has draws masks of its own.
bool hasOwnMasks(const KernelCase& one)
{
    if (!one.op.starts_with("Attention") || one.attributes.real("rate") == 0.0)
        return false;
    const std::size_t first = one.op == "Attention" ? 0 : 1;
    return one.inputs[first].extents.back() % 8 == 0 && one.inputs[first + 2].extents.back() % 8 == 0;
}

/// Empty where each number is that of `expected`, rounded once to the type it is stored in.
QString storedDifference(const Array& actual, const Array& expected, DType rounding, double tolerance)
{
    double largest = 1e-3;
    for (std::int64_t i = 0; i < expected.count(); ++i)
        largest = std::isfinite(valueAt(expected, i)) ? std::max(largest, std::abs(valueAt(expected, i))) : largest;
    for (std::int64_t i = 0; i < expected.count(); ++i) {
        const double a = valueAt(actual, i), e = valueAt(expected, i);
        const bool isEqual = a == e || (std::isnan(a) && std::isnan(e)) || std::abs(a - e) <= roundingOf(rounding, e) + tolerance * largest;
        if (!isEqual)
            return QStringLiteral("element %1 is %2, should be %3").arg(i).arg(a).arg(e);
    }
    return {};
}

} // namespace

class CudaStoredTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void agreesWithReference_data() { addRows(m_cases); }
    void agreesWithReference();
    void attentionDropsAlikeInBothPasses();
    void everyOpBetweenLayersStores();
    void castsRoundOnce_data();
    void castsRoundOnce();
    void castsOfManyRoundOnce_data() { castsRoundOnce_data(); }
    void castsOfManyRoundOnce();
    void otherOpsRefuse();

private:
    void compare(const KernelCase& one, const KernelCase& stored, DType type);

    std::vector<KernelCase> m_cases = allKernelCases();
    std::unique_ptr<Device> m_device;
    std::set<std::string> m_compared;
};

void CudaStoredTest::initTestCase()
{
    try {
        m_device = openDevice(DeviceKind::Cuda);
    } catch (const Error& error) {
        QSKIP(qPrintable(QStringLiteral("not run: ") + QString::fromUtf8(error.what())));
    }
}

void CudaStoredTest::compare(const KernelCase& one, const KernelCase& stored, DType type)
{
    const Arrays inputs = copiesIn(makeInputs(one), stored.inputs), full = copiesIn(inputs, one.inputs);
    const std::vector<ArrayType> fullTypes = outputTypes(one, *specOf(one.op)), types = outputTypes(stored, *specOf(one.op));
    const std::vector<ArrayType> inputTypes = typesOf(inputs), fullInputTypes = typesOf(full);
    const std::vector<Layout> hints(inputs.size(), Layout::RowMajor);
    Arrays expected;
    for (const ArrayType& output : fullTypes)
        expected.emplace_back(output);
    const KernelFactory reference = KernelTable::process().find(DeviceKind::Reference, one.op);
    runKernel(reference({one.attributes, fullInputTypes, fullTypes, hints, threads}).at(0), kernel_arrays::viewsOf(full),
              kernel_arrays::viewsOf(expected));
    if (type == DType::Float16 && isRecurrentGradient(one) && isBeyondFloat16(expected))
        return;
    const std::vector<KernelOption> options
        = KernelTable::process().find(DeviceKind::Cuda, one.op)({stored.attributes, inputTypes, types, hints, threads});
    if (options.empty() && isLeftToLibrary(one) && !qEnvironmentVariableIsSet("WEFT_PLUGIN_DIR"))
        QSKIP("not run: cuBLASLt knows no way");
    QVERIFY2(!options.empty(), "no kernel for arrays of 16 bits");
    for (const KernelOption& option : options) {
        const DeviceArrays own = onDevice(*m_device, inputs, option.inputLayouts), results = runOn(*m_device, option, own, types);
        for (std::size_t i = 0; i < results.size(); ++i) {
            // cuDNN gives the gradient of a kernel in the type of its arrays.
            const DType rounding = one.op == "ConvKernelGradient" && i == 0 ? type : types[i].dtype;
            const double tolerance = one.tolerance + roundingsBetween(one) * roundingOf(type, 1);
            const QString wrong = storedDifference(results[i]->onHost().array, expected[i].array, rounding, tolerance);
            QVERIFY2(
                wrong.isEmpty(),
                qPrintable(QStringLiteral("%1 in %2, output %3: %4").arg(QLatin1String(option.name), QLatin1String(nameOf(type))).arg(i).arg(wrong)));
        }
        for (std::size_t i = 0; i < own.size(); ++i)
            QCOMPARE(storedDifference(own[i]->onHost().array, inputs[i].array, DType::Float32, 0), QString());
    }
}

void CudaStoredTest::agreesWithReference()
{
    if (!m_device)
        QSKIP("not run: no card");
    QFETCH(int, index);
    const KernelCase& one = m_cases[static_cast<std::size_t>(index)];
    if (!storing.count(one.op))
        return;
    for (const DType type : {DType::BFloat16, DType::Float16}) {
        const bool isMoving = !givesStoredAlone(one)
            && std::none_of(one.inputs.begin(), one.inputs.end(), [](const CaseInput& in) { return in.dtype == DType::Float32; });
        // Weights of more keys than float16 has numbers are none of its.
        const bool isTooLong = one.op.starts_with("Attention") && type == DType::Float16 && elementCount(one.inputs[2].extents) > 1'000'000;
        // They all round to one number, whose slope is 0 but for rounding.
        const bool isOneNumber = type == DType::BFloat16
            && std::any_of(one.inputs.begin(), one.inputs.end(), [](const CaseInput& in) { return in.fill == Fill::Distant; });
        if (isMoving || isTooLong || isOneNumber || hasOwnMasks(one))
            continue;
        compare(one, storedIn(one, type, false), type);
        if (widening.count(one.op))
            compare(one, storedIn(one, type, true), type);
    }
    m_compared.insert(one.op);
}

/// With masks that no reference knows: y is linear in v, so that dy·y = v·dv where both passes drop the same.
void CudaStoredTest::attentionDropsAlikeInBothPasses()
{
    if (!m_device)
        QSKIP("not run: no card");
    const Attributes attributes{{"scale", 0.25}, {"causal", false}, {"rate", 0.5}, {"stream", std::int64_t(7)}};
    const CaseInput matrices{{6, 3, 40, 16}, Fill::Signed, DType::BFloat16};
    const auto run = [&](const char* op, const Arrays& inputs, const std::vector<ArrayType>& types) {
        const std::vector<ArrayType> inputTypes = typesOf(inputs);
        const std::vector<Layout> hints(inputs.size(), Layout::RowMajor);
        const KernelOption option = KernelTable::process().find(DeviceKind::Cuda, op)({attributes, inputTypes, types, hints, threads}).at(0);
        return runOn(*m_device, option, onDevice(*m_device, inputs, option.inputLayouts), types);
    };
    const ArrayType type{DType::BFloat16, {6, 3, 40, 16}}, sums{DType::Float32, {6, 3, 40}};
    const Arrays forward = makeInputs({"Attention", attributes, {matrices, matrices, matrices}});
    const DeviceArrays results = run("Attention", forward, {type, sums}), again = run("Attention", forward, {type, sums});
    const auto y = results[0]->onHost(), logSum = results[1]->onHost();
    QCOMPARE(storedDifference(again[0]->onHost().array, y.array, DType::Float32, 0), QString());

    Arrays backward = makeInputs({"AttentionGradient", attributes, {matrices, matrices, matrices, matrices, matrices, {{6, 3, 40}}}});
    const auto copy = [](const Array& from, const Array& to) {
        for (std::int64_t i = 0; i < from.count(); ++i)
            setValue(to, i, valueAt(from, i));
    };
    for (std::size_t i = 0; i < 3; ++i)
        copy(forward[i].array, backward[i + 1].array);
    copy(y.array, backward[4].array);
    copy(logSum.array, backward[5].array);
    const auto dv = run("AttentionGradient", backward, {type, type, type})[2]->onHost();
    const auto dot = [](const Array& a, const Array& b) {
        double sum = 0;
        for (std::int64_t i = 0; i < a.count(); ++i)
            sum += valueAt(a, i) * valueAt(b, i);
        return sum;
    };
    const double bySums = dot(backward[0].array, y.array), byValues = dot(forward[2].array, dv.array);
    QVERIFY2(std::abs(bySums - byValues) < 0.02 * std::abs(bySums), qPrintable(QStringLiteral("%1, %2").arg(bySums).arg(byValues)));
}

void CudaStoredTest::everyOpBetweenLayersStores()
{
    if (m_compared.empty())
        QSKIP("not run: agreesWithReference has not run before");
    for (const std::string& op : storing)
        QVERIFY2(m_compared.count(op), op.c_str());
}

void CudaStoredTest::castsRoundOnce_data()
{
    QTest::addColumn<int>("type");
    QTest::newRow("bfloat16") << static_cast<int>(DType::BFloat16);
    QTest::newRow("float16") << static_cast<int>(DType::Float16);
}

/// There and back, in all orders of the arrays.
void CudaStoredTest::castsRoundOnce()
{
    if (!m_device)
        QSKIP("not run: no card");
    QFETCH(int, type);
    const DType stored = static_cast<DType>(type);
    const KernelFactory factory = KernelTable::process().find(DeviceKind::Cuda, "Cast");
    for (const Extents& extents : {Extents{3, 5, 4, 7}, Extents{2, 8, 4, 4}, Extents{1003}}) {
        const ArrayType full{DType::Float32, extents}, narrow{stored, extents};
        Arrays numbers, rounded;
        numbers.emplace_back(full);
        rounded.emplace_back(narrow);
        for (std::int64_t i = 0; i < numbers[0].array.count(); ++i) {
            const double number
                = i == 7 ? std::numeric_limits<double>::infinity() : std::ldexp(1.0 + static_cast<double>(i) / 1009, static_cast<int>(i % 30) - 20);
            setValue(numbers[0].array, i, i % 2 == 0 ? number : -number);
            setValue(rounded[0].array, i, valueAt(numbers[0].array, i));
        }
        const Layout hint = Layout::RowMajor;
        const Attributes to{{"dtype", static_cast<std::int64_t>(stored)}}, back{{"dtype", static_cast<std::int64_t>(DType::Float32)}};
        const auto there = factory({to, {&full, 1}, {&narrow, 1}, {&hint, 1}, threads});
        QCOMPARE(there.size(), extents.size() > 2 ? 3U : 1U);
        for (const KernelOption& option : there) {
            const DeviceArrays result = runOn(*m_device, option, onDevice(*m_device, numbers, option.inputLayouts), {narrow});
            QCOMPARE(difference(result[0]->onHost().array, rounded[0].array, 0), QString());
        }
        for (const KernelOption& option : factory({back, {&narrow, 1}, {&full, 1}, {&hint, 1}, threads})) {
            const DeviceArrays result = runOn(*m_device, option, onDevice(*m_device, rounded, option.inputLayouts), {full});
            QCOMPARE(difference(result[0]->onHost().array, rounded[0].array, 0), QString());
        }
    }
}

/// More arrays than one launch takes, of all sizes around its groups, as they lie and turned around for convolutions.
void CudaStoredTest::castsOfManyRoundOnce()
{
    if (!m_device)
        QSKIP("not run: no card");
    QFETCH(int, type);
    std::vector<ArrayType> full, narrow;
    std::vector<std::int64_t> forConv;
    for (std::int64_t i = 0; i < 150; ++i) {
        const Extents extents = i % 3 == 0 ? Extents{i + 1} : i % 3 == 1 ? Extents{3, i % 7 + 1, 3, 2} : Extents{i, 8};
        full.push_back({DType::Float32, extents});
        narrow.push_back({static_cast<DType>(type), extents});
        forConv.push_back(i % 3 == 1 && i % 2 == 0 ? 1 : 0);
    }
    full[9].extents = narrow[9].extents = {0};
    Arrays numbers, rounded;
    for (std::size_t i = 0; i < full.size(); ++i) {
        numbers.emplace_back(full[i]);
        rounded.emplace_back(narrow[i]);
        for (std::int64_t j = 0; j < numbers[i].array.count(); ++j) {
            setValue(numbers[i].array, j, std::ldexp(1.0 + static_cast<double>(j) / 1009, static_cast<int>(i % 9) - 4));
            setValue(rounded[i].array, j, valueAt(numbers[i].array, j));
        }
    }
    const Attributes attributes{{"dtype", static_cast<std::int64_t>(type)}, {"forConv", forConv}};
    const std::vector<Layout> hints(full.size(), Layout::RowMajor);
    const auto options = KernelTable::process().find(DeviceKind::Cuda, "CastAll")({attributes, full, narrow, hints, threads});
    QCOMPARE(options.size(), 2U);
    QCOMPARE(std::count(options[1].outputLayouts.begin(), options[1].outputLayouts.end(), Layout::ChannelsLast), 22);
    QVERIFY(options[1].microseconds < options[0].microseconds);
    for (const KernelOption& option : options) {
        const DeviceArrays results = runOn(*m_device, option, onDevice(*m_device, numbers, hints), narrow);
        for (std::size_t i = 0; i < results.size(); ++i)
            QCOMPARE(difference(results[i]->onHost().array, rounded[i].array, 0), QString());
    }
}

/// What keeps float32 says so, and finds casts around it.
void CudaStoredTest::otherOpsRefuse()
{
    if (!m_device)
        QSKIP("not run: no card");
    for (const KernelCase& one : m_cases) {
        if (one.op != "GlobalNorm" && one.op != "AdamUpdate" && one.op != "AllReduceStart")
            continue;
        const KernelCase stored = storedIn(one, DType::BFloat16, false);
        std::vector<ArrayType> inputs;
        for (const CaseInput& input : stored.inputs)
            inputs.push_back({input.dtype, input.extents});
        const std::vector<ArrayType> types = outputTypes(one, *specOf(one.op));
        const std::vector<Layout> hints(inputs.size(), Layout::RowMajor);
        QVERIFY2(KernelTable::process().find(DeviceKind::Cuda, one.op)({one.attributes, inputs, types, hints, threads}).empty(), one.op.c_str());
    }
}

QTEST_GUILESS_MAIN(CudaStoredTest)
#include "cuda_stored_test.moc"
