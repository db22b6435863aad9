#include "tests/unit/kernel_cases.h"

#include <algorithm>
#include <array>
#include <utility>

using namespace weft;

namespace {

using Ints = std::vector<std::int64_t>;
using Cases = std::vector<KernelCase>;

Ints fixedShape(const Extents& extents)
{
    Ints encoded;
    for (const std::int64_t extent : extents) {
        encoded.push_back(extent);
        encoded.push_back(0);
    }
    return encoded;
}

struct ConvCase {
    Extents x;
    Extents kernel;
    Ints strides, padBegin, padEnd, dilations;
    std::int64_t groups = 1;

    Extents y() const
    {
        Extents result{x[0], kernel[0]};
        for (std::size_t i = 0; i < strides.size(); ++i)
            result.push_back((x[i + 2] + padBegin[i] + padEnd[i] - (kernel[i + 2] - 1) * dilations[i] - 1) / strides[i] + 1);
        return result;
    }
    Attributes attributes() const
    {
        return {{"strides", strides}, {"padBegin", padBegin}, {"padEnd", padEnd}, {"dilations", dilations}, {"groups", groups}};
    }
};

void addConv(Cases& cases)
{
    const std::vector<ConvCase> all{
        {{1, 1, 1, 1}, {1, 1, 1, 1}, {1, 1}, {0, 0}, {0, 0}, {1, 1}},
        {{1, 1, 28, 28}, {6, 1, 5, 5}, {1, 1}, {2, 2}, {2, 2}, {1, 1}},
        {{17, 3, 7, 11}, {5, 3, 3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}},
        {{24, 6, 14, 14}, {16, 6, 5, 5}, {1, 1}, {0, 0}, {0, 0}, {1, 1}},
        {{33, 7, 9, 13}, {11, 7, 3, 5}, {2, 2}, {1, 2}, {0, 1}, {1, 1}},
        {{5, 20, 8, 6}, {19, 20, 1, 1}, {1, 1}, {0, 0}, {0, 0}, {1, 1}},
        {{3, 4, 10, 9}, {6, 4, 1, 1}, {3, 2}, {0, 0}, {0, 0}, {1, 1}},
        {{16, 5, 12, 12}, {3, 5, 3, 2}, {1, 2}, {2, 1}, {2, 1}, {2, 3}},
        {{2, 5, 15, 15}, {3, 5, 3, 3}, {2, 2}, {2, 1}, {2, 1}, {2, 2}},
        {{18, 6, 9, 9}, {9, 2, 3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, 3},
        {{2, 32, 6, 6}, {32, 1, 3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, 32},
        {{2, 40, 7, 7}, {48, 40, 3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}},
        {{3, 64, 9, 7}, {16, 64, 3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}}, // tiles of 4x4 that stand over
        {{2, 64, 12, 12}, {48, 64, 3, 3}, {1, 1}, {0, 0}, {0, 0}, {1, 1}},
        {{1, 64, 4, 5}, {16, 64, 3, 3}, {1, 1}, {3, 1}, {0, 4}, {1, 1}}, // padding that differs and exceeds the kernel's
        {{19, 96, 5, 9}, {64, 96, 3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}}, // tiles in several parts, channels in threes
        {{20, 2, 40, 30}, {6, 2, 5, 5}, {1, 1}, {2, 2}, {2, 2}, {1, 1}}, // lanes: a plane in several parts
        {{50, 4, 3, 3}, {5, 4, 3, 3}, {1, 1}, {0, 0}, {0, 0}, {1, 1}}, // lanes: several groups of 16 samples at a time
        {{19, 3, 21}, {8, 3, 5}, {1}, {2}, {2}, {1}},
        {{2, 16, 5, 6, 7}, {16, 16, 3, 3, 3}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}},
        {{2, 3, 5, 6, 7}, {4, 3, 2, 3, 1}, {2, 1, 1}, {0, 1, 0}, {0, 1, 0}, {1, 1, 1}},
    };
    for (const ConvCase& c : all) {
        cases.push_back({"Conv", c.attributes(), {{c.x}, {c.kernel}, {{c.kernel[0]}}}});
        cases.push_back({"Conv", c.attributes(), {{c.x}, {c.kernel}}});
        Attributes forInput = c.attributes();
        forInput.set("shape", fixedShape(c.x));
        cases.push_back({"ConvInputGradient", forInput, {{c.y()}, {c.kernel}}});
        for (const bool hasBias : {false, true}) {
            Attributes forKernel = c.attributes();
            forKernel.set("kernelSize", Ints(c.kernel.begin() + 2, c.kernel.end()));
            forKernel.set("hasBias", hasBias);
            cases.push_back({"ConvKernelGradient", forKernel, {{c.x}, {c.y()}}});
        }
    }
}

void addMatMul(Cases& cases)
{
    const std::vector<std::array<std::int64_t, 3>> sizes{{1, 1, 1}, {1, 10, 84}, {17, 13, 31}, {64, 120, 400}, {120, 400, 64}, {7, 1, 5}, {1, 64, 3}};
    for (const auto& [m, n, k] : sizes)
        for (const bool swapA : {false, true})
            for (const bool swapB : {false, true}) {
                const Extents a = swapA ? Extents{k, m} : Extents{m, k};
                const Extents b = swapB ? Extents{n, k} : Extents{k, n};
                cases.push_back({"MatMul", {{"transposeA", swapA}, {"transposeB", swapB}}, {{a}, {b}}});
                if (m * n * k > 10000)
                    continue;
                Extents batchedA = a;
                batchedA.insert(batchedA.begin(), {2, 3});
                Extents batchedB = b;
                batchedB.insert(batchedB.begin(), {2, 3});
                cases.push_back({"MatMul", {{"transposeA", swapA}, {"transposeB", swapB}}, {{batchedA}, {batchedB}}});
                cases.push_back({"MatMul", {{"transposeA", swapA}, {"transposeB", swapB}}, {{batchedA}, {b}}});
            }
}

const std::vector<Extents> anyShapes{{1}, {7}, {17, 3}, {24, 5, 3, 7}, {33, 2, 13, 5}, {1, 1}, {140, 1000}};

void addElementwise(Cases& cases)
{
    for (const Extents& shape : anyShapes) {
        for (const char* op : {"Relu", "Sigmoid", "Tanh", "Exp", "Square", "Negate"})
            cases.push_back({op, {}, {{shape}}});
        for (const std::string op : {"LeakyRelu", "Elu", "Softplus", "Gelu", "Silu", "Mish", "HardSwish", "ClippedRelu", "Erf"}) {
            cases.push_back({op, {{"alpha", 0.3}}, {{shape}}});
            cases.push_back({op + "Gradient", {{"alpha", 0.3}}, {{shape}, {shape}}});
        }
        for (const char* op : {"Log", "Sqrt"})
            cases.push_back({op, {}, {{shape, Fill::Positive}}});
        cases.push_back({"Affine", {{"scale", 0.3}, {"shift", -2.0}}, {{shape}}});
        for (const char* op : {"ReluGradient", "SigmoidGradient", "TanhGradient"})
            cases.push_back({op, {}, {{shape}, {shape}}});
        for (const char* op : {"MaximumGradient", "MinimumGradient"})
            cases.push_back({op, {}, {{shape}, {shape, Fill::Coarse}, {shape, Fill::Coarse}}});
        cases.push_back({"Dropout", {{"rate", 0.3}, {"stream", std::int64_t(12345)}}, {{shape}}, 0});
        cases.push_back({"GaussianNoise", {{"deviation", 0.3}, {"stream", std::int64_t(12345)}}, {{shape}}});
        cases.push_back({"Cast", {{"dtype", static_cast<std::int64_t>(DType::Float32)}}, {{shape, Fill::Signed, DType::UInt8}}, 0});
        cases.push_back({"Cast", {{"dtype", static_cast<std::int64_t>(DType::Int32)}}, {{shape, Fill::Coarse}}, 0});
        cases.push_back({"Reshape", {{"shape", fixedShape({elementCount(shape)})}}, {{shape}}, 0});
        cases.push_back({"Constant", {{"values", std::vector<double>{1.5}}, {"shape", fixedShape(shape)}, {"dtype", std::int64_t(0)}}, {}, 0});
        cases.push_back({"Assign", {}, {{shape}, {shape}}, 0});
    }
    const std::vector<std::array<Extents, 2>> pairs{{{{17, 5}, {17, 5}}},
                                                    {{{17, 5}, {5}}},
                                                    {{{3}, {24, 3}}},
                                                    {{{9, 4, 3, 5}, {4, 1, 1}}},
                                                    {{{1, 7}, {6, 1}}},
                                                    {{{5, 1, 3}, {1, 4, 1}}},
                                                    {{{200, 1000}, {1000}}},
                                                    {{{200, 1000}, {1}}},
                                                    {{{}, {19}}},
                                                    {{{2, 3, 1, 5}, {1, 3, 4, 1}}},
                                                    {{{24, 3, 5, 7}, {24, 3, 5, 7}}},
                                                    {{{200000}, {1}}}};
    for (const auto& [a, b] : pairs)
        for (const char* op : {"Add", "Subtract", "Multiply", "Divide", "Maximum", "Minimum"})
            cases.push_back({op, {}, {{a}, {b, Fill::Positive}}});
}

struct PoolCase {
    Extents x;
    Ints kernel, strides, padBegin, padEnd;

    Extents y() const
    {
        Extents result{x[0], x[1]};
        for (std::size_t i = 0; i < kernel.size(); ++i)
            result.push_back((x[i + 2] + padBegin[i] + padEnd[i] - kernel[i]) / strides[i] + 1);
        return result;
    }
};

void addPool(Cases& cases)
{
    const std::vector<PoolCase> all{
        {{1, 1, 2, 2}, {2, 2}, {2, 2}, {0, 0}, {0, 0}},
        {{24, 6, 28, 28}, {2, 2}, {2, 2}, {0, 0}, {0, 0}},
        {{17, 5, 7, 11}, {3, 3}, {2, 2}, {1, 1}, {1, 1}},
        {{33, 3, 9, 8}, {3, 2}, {1, 3}, {1, 0}, {0, 1}},
        {{5, 19, 6, 6}, {3, 3}, {1, 1}, {1, 1}, {1, 1}},
        {{3, 2, 7, 7}, {7, 7}, {1, 1}, {0, 0}, {0, 0}},
        {{18, 3, 17}, {3}, {2}, {1}, {1}},
        {{2, 3, 4, 5, 6}, {2, 3, 2}, {2, 1, 2}, {0, 1, 0}, {0, 1, 0}},
        {{5, 16, 7, 9}, {3, 3}, {2, 2}, {1, 1}, {1, 1}},
    };
    for (const PoolCase& c : all) {
        const Attributes max{{"kernel", c.kernel}, {"strides", c.strides}, {"padBegin", c.padBegin}, {"padEnd", c.padEnd}};
        cases.push_back({"MaxPool", max, {{c.x}}, 0});
        cases.push_back({"MaxPoolGradient", max, {{c.y()}, {c.x, Fill::Coarse}, {c.y(), Fill::MaxPooled}}});
        for (const bool countPadding : {false, true}) {
            Attributes average = max;
            average.set("countPadding", countPadding);
            cases.push_back({"AveragePool", average, {{c.x}}});
            average.set("shape", fixedShape(c.x));
            cases.push_back({"AveragePoolGradient", average, {{c.y()}}});
        }
    }
}

void addReductions(Cases& cases)
{
    struct Reduced {
        Extents x;
        Ints axes;
    };
    const std::vector<Reduced> all{{{1}, {0}},
                                   {{17}, {0}},
                                   {{64, 120}, {0}},
                                   {{64, 10}, {1}},
                                   {{5, 7, 3}, {0, 2}},
                                   {{5, 7, 3}, {1}},
                                   {{9, 4, 3, 5}, {0, 2, 3}},
                                   {{9, 4, 3, 5}, {1}},
                                   {{2, 3, 4, 5}, {0, 1, 2, 3}},
                                   {{300, 1000}, {0, 1}},
                                   {{300, 500}, {0}},
                                   {{6, 50, 40, 10}, {2, 3}},
                                   {{3, 16, 5, 7}, {2, 3}}, // channels in whole lanes, whatever they are stored as
                                   {{3, 1, 5}, {1}},
                                   {{60, 4, 33}, {0, 1}},
                                   {{40, 3, 200}, {0, 2}}};
    for (const Reduced& r : all)
        for (const bool keepDims : {false, true}) {
            const Attributes attributes{{"axes", r.axes}, {"keepDims", keepDims}};
            Extents y;
            Extents kept;
            for (std::size_t axis = 0; axis < r.x.size(); ++axis) {
                const bool isReduced = std::find(r.axes.begin(), r.axes.end(), static_cast<std::int64_t>(axis)) != r.axes.end();
                kept.push_back(isReduced ? 1 : r.x[axis]);
                if (!isReduced || keepDims)
                    y.push_back(kept.back());
            }
            for (const char* op : {"ReduceSum", "ReduceMean", "ReduceMax"})
                cases.push_back({op, attributes, {{r.x}}, 2e-5});
            Attributes withShape = attributes;
            withShape.set("shape", fixedShape(r.x));
            cases.push_back({"ReduceMeanGradient", withShape, {{y}}});
            cases.push_back({"ReduceMaxGradient", attributes, {{y}, {r.x, Fill::Coarse}, {y, Fill::Coarse}}, 0});
            if (keepDims) {
                cases.push_back({"SumTo", {{"shape", fixedShape(kept)}}, {{r.x}}, 2e-5});
                cases.push_back({"BroadcastTo", {{"shape", fixedShape(r.x)}}, {{kept}}, 0});
            }
        }
    cases.push_back({"SumTo", {{"shape", fixedShape({7})}}, {{{24, 7}}}});
    cases.push_back({"SumTo", {{"shape", fixedShape({})}}, {{{24, 7}}}});
    cases.push_back({"BroadcastTo", {{"shape", fixedShape({24, 7})}}, {{{7}}}});
}

void addMoving(Cases& cases)
{
    for (const DType dtype : {DType::Float32, DType::UInt8}) {
        const auto input = [dtype](Extents extents) { return CaseInput{std::move(extents), Fill::Signed, dtype}; };
        cases.push_back({"Transpose", {{"permutation", Ints{1, 0}}}, {input({17, 31})}, 0});
        cases.push_back({"Transpose", {{"permutation", Ints{0, 2, 3, 1}}}, {input({3, 5, 7, 2})}, 0});
        cases.push_back({"Transpose", {{"permutation", Ints{0, 1, 2}}}, {input({3, 1, 7})}, 0});
        cases.push_back({"Transpose", {{"permutation", Ints{2, 0, 1}}}, {input({50, 60, 40})}, 0});
        for (const std::int64_t row : {1, 4, 6, 7, 8, 16, 32}) // as steps and heads change places: what lies side by side moves at once
            cases.push_back({"Transpose", {{"permutation", Ints{0, 2, 1, 3}}}, {input({3, 5, 7, row})}, 0});
        cases.push_back({"Transpose", {{"permutation", Ints{2, 1, 0, 3, 4}}}, {input({3, 1, 5, 2, 4})}, 0});
        cases.push_back({"Transpose", {{"permutation", Ints{1, 2, 0}}}, {input({1, 1, 1})}, 0});
        cases.push_back({"Concat", {{"axis", std::int64_t(1)}}, {input({17, 3, 5}), input({17, 1, 5}), input({17, 4, 5})}, 0});
        cases.push_back({"Concat", {{"axis", std::int64_t(0)}}, {input({1}), input({7})}, 0});
        cases.push_back({"Concat", {{"axis", std::int64_t(1)}}, {input({3, 16, 3, 5}), input({3, 32, 3, 5}), input({3, 5, 3, 5})}, 0});
        for (const auto& [begin, end] : {std::array<std::int64_t, 2>{0, 16}, std::array<std::int64_t, 2>{16, 40}}) {
            const Attributes part{{"axis", std::int64_t(1)}, {"begin", begin}, {"end", end}};
            cases.push_back({"Slice", part, {input({3, 40, 3, 5})}, 0});
            Attributes whole = part;
            whole.set("extent", std::int64_t(40));
            cases.push_back({"SliceGradient", whole, {input({3, end - begin, 3, 5})}, 0});
        }
        for (const Extents& x : {Extents{9, 5, 3}, Extents{300, 5, 100}}) {
            cases.push_back({"Slice", {{"axis", std::int64_t(1)}, {"begin", std::int64_t(1)}, {"end", std::int64_t(4)}}, {input(x)}, 0});
            cases.push_back({"SliceGradient",
                             {{"axis", std::int64_t(1)}, {"begin", std::int64_t(1)}, {"end", std::int64_t(4)}, {"extent", x[1]}},
                             {input({x[0], 3, x[2]})},
                             0});
        }
    }
}

void addClassification(Cases& cases)
{
    for (const Extents& logits : {Extents{1, 10}, Extents{17, 10}, Extents{64, 23}, Extents{200, 100}}) {
        const CaseInput target{{logits[0]}, Fill::Classes, DType::Int32};
        cases.push_back({"SoftmaxCrossEntropy", {}, {{logits}, target}});
        cases.push_back({"SoftmaxCrossEntropyGradient", {}, {{{logits[0]}}, {logits}, target}});
        cases.push_back({"IsCorrect", {}, {{logits, Fill::Coarse}, target}, 0});
    }
    const std::vector<std::pair<Extents, std::int64_t>> softmaxes{{{1}, 0}, {{17, 10}, 1}, {{3, 19, 4}, 1}, {{7, 5}, 0}, {{300, 100}, 1}, {{4, 2312}, 1}};
    for (const auto& [shape, axis] : softmaxes) {
        cases.push_back({"Softmax", {{"axis", axis}}, {{shape}}});
        cases.push_back({"SoftmaxGradient", {{"axis", axis}}, {{shape}, {shape}}});
    }
}

void addBatchNorm(Cases& cases)
{
    const Attributes attributes{{"epsilon", 1e-5}};
    for (const Extents& x : {Extents{1, 1, 3, 3}, Extents{17, 5}, Extents{64, 37}, Extents{24, 7, 5, 3}, Extents{5, 19, 4, 4}, Extents{33, 16, 9, 9},
                             Extents{18, 3, 11}}) {
        const CaseInput channels{{x[1]}};
        const CaseInput positive{{x[1]}, Fill::Positive};
        cases.push_back({"BatchNorm", attributes, {{x}, channels, channels}, 2e-5});
        cases.push_back({"BatchNormGradient", attributes, {{x}, {x}, channels, channels, positive}, 2e-5});
        cases.push_back({"BatchNormInference", attributes, {{x}, channels, channels, channels, positive}, 2e-5});
    }
}

void addLayerNorm(Cases& cases)
{
    for (const Extents& x : {Extents{1, 1}, Extents{3, 7}, Extents{5, 2, 19}, Extents{16}, Extents{300, 67}, Extents{40, 33, 64}, Extents{3, 1032}}) {
        const CaseInput features{{x.back()}};
        const Attributes attributes{{"epsilon", 1e-3}};
        cases.push_back({"LayerNorm", attributes, {{x}}, 2e-5});
        cases.push_back({"LayerNorm", attributes, {{x}, features, features}, 2e-5});
        if (x.back() == 1)
            continue; // its slope is 0 but for rounding
        cases.push_back({"LayerNormGradient", attributes, {{x}, {x}}, 2e-5});
        cases.push_back({"LayerNormGradient", attributes, {{x}, {x}, features}, 2e-5});
    }
}

void addUpdates(Cases& cases)
{
    const std::vector<Extents> shapes{{1}, {7, 3}, {40, 1000}, {17}};
    const auto inputs = [&](int slots, const Ints& byRows) {
        std::vector<CaseInput> all{{{}, Fill::Positive}};
        std::vector<CaseInput> places;
        for (std::size_t i = 0; i < shapes.size(); ++i) {
            all.push_back({shapes[i]});
            if (std::count(byRows.begin(), byRows.end(), static_cast<std::int64_t>(i)) > 0) {
                all.push_back({{5, shapes[i][1]}});
                places.push_back({{shapes[i][0]}, Fill::Places, DType::Int32});
            } else {
                all.push_back({shapes[i]});
            }
            for (int slot = 0; slot < slots; ++slot)
                all.push_back({shapes[i], Fill::Positive});
        }
        all.insert(all.end(), places.begin(), places.end());
        return all;
    };
    const auto rule = [&](const char* op, std::int64_t slots, Attributes numbers) {
        numbers.set("slots", slots);
        numbers.set("decays", Ints{1, 0, 1, 1});
        numbers.set("rateFactors", std::vector<double>{1.0, 1.0, 0.5, 1.0});
        numbers.set("weightDecay", 0.01);
        numbers.set("decoupled", false);
        numbers.set("l1", 0.0);
        numbers.set("clipValue", 0.0);
        numbers.set("isScaled", false);
        for (const Ints& byRows : {Ints{}, Ints{1, 2}}) {
            numbers.set("byRows", byRows);
            cases.push_back({op, numbers, inputs(static_cast<int>(slots), byRows)});
            // Everything that goes before the rule, with the scalar that scales gradients.
            Attributes all = numbers;
            all.set("decoupled", true);
            all.set("l1", 0.02);
            all.set("clipValue", 0.5);
            all.set("isScaled", true);
            std::vector<CaseInput> scaled = inputs(static_cast<int>(slots), byRows);
            scaled.insert(scaled.begin() + 1, CaseInput{{}, Fill::Positive});
            cases.push_back({op, all, scaled});
            for (const Fill fill : {Fill::Positive, Fill::Negative}) { // as a loss scale has it: counted, or skipped
                scaled[1] = {{2}, fill};
                cases.push_back({op, all, scaled});
            }
            numbers.set("weightDecay", 0.0);
        }
    };
    const Attributes betas{{"beta1", 0.9}, {"beta2", 0.999}, {"epsilon", 1e-8}, {"momentumDecay", 4e-3}};
    rule("SgdUpdate", 0, {});
    for (const bool nesterov : {false, true})
        rule("MomentumUpdate", 1, {{"momentum", 0.9}, {"nesterov", nesterov}});
    rule("AdamUpdate", 2, betas);
    rule("NadamUpdate", 2, betas);
    rule("RmspropUpdate", 1, {{"alpha", 0.99}, {"epsilon", 1e-8}});
    rule("RmspropMomentumUpdate", 2, {{"alpha", 0.99}, {"epsilon", 1e-8}, {"momentum", 0.9}});
    rule("AdagradUpdate", 1, {{"learningRateDecay", 0.1}, {"epsilon", 1e-10}});
    rule("AdadeltaUpdate", 2, {{"rho", 0.9}, {"epsilon", 1e-6}});
    rule("LionUpdate", 1, betas);

    std::vector<CaseInput> blended{{{}, Fill::Positive}, {{}, Fill::Positive}};
    std::vector<CaseInput> measured;
    for (const Extents& shape : shapes) {
        blended.insert(blended.end(), {{shape}, {shape}});
        measured.push_back({shape});
    }
    cases.push_back({"BlendUpdate", {}, blended});
    cases.push_back({"GlobalNorm", {}, measured});
    cases.push_back({"KeepLargest", {{"count", std::int64_t{7}}}, {{{13, 11}}}, 0});
    cases.push_back({"KeepLargest", {{"count", std::int64_t{1}}}, {{{3}}}, 0});
    for (const Fill norm : {Fill::Positive, Fill::Infinite}) {
        const std::vector<CaseInput> state{{{}, Fill::Positive}, {{2}, Fill::Positive}, {{}, norm}};
        cases.push_back({"LossScaleFactor", {{"limit", 0.0}}, state});
        cases.push_back({"LossScaleFactor", {{"limit", 0.3}}, state});
        cases.push_back({"LossScaleUpdate", {}, state});
    }
    Attributes inFloat32;
    inFloat32.set("wireFormat", std::int64_t{0});
    cases.push_back({"AllReduceStart", inFloat32, {{{3, 5, 7}}}});
    cases.push_back({"AllReduceFinish", {}, {{{3, 5, 7}}}});
}

Attributes with(Attributes attributes, std::initializer_list<std::pair<const char*, Attribute>> more)
{
    for (const auto& [key, value] : more)
        attributes.set(key, value);
    return attributes;
}

void addFusedConv(Cases& cases)
{
    const std::vector<ConvCase> convs{
        {{1, 1, 28, 28}, {6, 1, 5, 5}, {1, 1}, {2, 2}, {2, 2}, {1, 1}},
        {{24, 6, 14, 14}, {16, 6, 5, 5}, {1, 1}, {0, 0}, {0, 0}, {1, 1}},
        {{17, 3, 11, 13}, {5, 3, 3, 2}, {2, 1}, {1, 0}, {1, 1}, {1, 2}},
        {{50, 4, 9, 10}, {6, 2, 3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, 2},
    };
    for (const ConvCase& c : convs)
        for (const bool relu : {false, true}) {
            cases.push_back({"FusedConv", with(c.attributes(), {{"relu", relu}}), {{c.x}, {c.kernel}, {{c.kernel[0]}}}});
            for (const bool hasIndex : {false, true}) {
                if (hasIndex && c.x[0] == 1)
                    continue; // training on single samples is not fused
                const Attributes pool = with(c.attributes(),
                                             {{"poolKernel", Ints{2, 3}},
                                              {"poolStrides", Ints{3, 3}},
                                              {"poolPadBegin", Ints{0, 0}},
                                              {"poolPadEnd", Ints{0, 0}},
                                              {"relu", relu},
                                              {"hasIndex", hasIndex}});
                cases.push_back({"FusedConvPool", pool, {{c.x, Fill::Coarse}, {c.kernel, Fill::Coarse}, {{c.kernel[0]}, Fill::Coarse}}});
                cases.push_back({"FusedConvPool", with(pool, {{"poolKernel", Ints{2, 2}}, {"poolStrides", Ints{2, 2}}}), {{c.x}, {c.kernel}}});
            }
        }
}

void addFused(Cases& cases)
{
    for (const bool relu : {false, true}) {
        for (const auto& [m, n, k] : std::vector<std::array<std::int64_t, 3>>{{1, 10, 84}, {1, 120, 400}, {64, 120, 400}, {17, 13, 31}, {1, 1, 1}})
            for (const bool swap : {false, true})
                cases.push_back({"FusedMatMul",
                                 {{"transposeA", false}, {"transposeB", swap}, {"relu", relu}},
                                 {{{m, k}}, {swap ? Extents{n, k} : Extents{k, n}}, {{n}}}});
        cases.push_back({"FusedMatMul", {{"transposeA", true}, {"transposeB", false}, {"relu", relu}}, {{{3, 5, 7}}, {{5, 4}}, {{4}}}});
    }
    const std::vector<PoolCase> pools{
        {{24, 6, 28, 28}, {2, 2}, {2, 2}, {0, 0}, {0, 0}},
        {{17, 5, 7, 11}, {3, 3}, {2, 2}, {1, 1}, {1, 1}},
        {{33, 3, 9, 8}, {3, 2}, {1, 3}, {1, 0}, {0, 1}},
        {{5, 19, 7, 7}, {2, 2}, {3, 2}, {0, 0}, {0, 0}},
        {{18, 3, 17}, {3}, {2}, {1}, {1}},
        {{5, 16, 7, 9}, {3, 3}, {2, 2}, {1, 1}, {1, 1}},
    };
    for (const PoolCase& c : pools) {
        const Attributes pool{{"kernel", c.kernel}, {"strides", c.strides}, {"padBegin", c.padBegin}, {"padEnd", c.padEnd}};
        for (const bool relu : {false, true})
            for (const bool hasIndex : {false, true})
                cases.push_back({"IndexedMaxPool", with(pool, {{"relu", relu}, {"hasIndex", hasIndex}}), {{c.x, Fill::Coarse}}, 0});
        cases.push_back({"IndexedMaxPoolGradient", with(pool, {{"shape", fixedShape(c.x)}}), {{c.y()}, {c.y(), Fill::Taps, DType::UInt8}}});
    }
}

/// Ops over sequences; lengths are drawn as classes, of which some are too small and some too large.
void addSequences(Cases& cases)
{
    const auto numbers = [](Extents extents) { return CaseInput{std::move(extents), Fill::Classes, DType::Int32}; };
    for (const std::int64_t width : {1, 13, 64}) {
        cases.push_back({"Embedding", {{"padding", std::int64_t(0)}}, {{{10, width}}, numbers({5, 7})}, 0});
        for (const Extents& tokens : {Extents{5, 7}, Extents{64, 40}}) {
            const Attributes attributes{{"padding", std::int64_t(2)}, {"rows", std::int64_t(10)}};
            cases.push_back({"EmbeddingGradient", attributes, {{{tokens[0], tokens[1], width}}, numbers(tokens)}});
        }
        for (const Extents& tokens : {Extents{1, 1}, Extents{5, 7}, Extents{64, 40}})
            for (const bool hasLengths : {false, true}) {
                std::vector<CaseInput> behind{numbers(tokens)};
                if (hasLengths)
                    behind.push_back(numbers({tokens[0]}));
                const auto with = [&](const CaseInput& first) {
                    std::vector<CaseInput> all{first};
                    all.insert(all.end(), behind.begin(), behind.end());
                    return all;
                };
                cases.push_back({"EmbeddingMean", {}, with({{10, width}})});
                Attributes rows{{"padding", std::int64_t(2)}, {"rows", std::int64_t(2700)}, {"isMean", true}};
                cases.push_back({"EmbeddingRows", rows, with({{tokens[0], width}})});
                rows.set("isMean", false);
                rows.set("padding", std::int64_t(-1));
                if (!hasLengths)
                    cases.push_back({"EmbeddingRows", rows, with({{tokens[0], tokens[1], width}})});
            }
    }
    cases.push_back({"FirstRows", {{"rows", fixedShape({3})}}, {{{7, 5}}}, 0});
    cases.push_back({"FirstRowsGradient", {{"rows", fixedShape({9})}}, {{{4, 5}}}, 0});
    cases.push_back({"Steps", {{"shape", fixedShape({17})}}, {}, 0});
    cases.push_back({"Less", {}, {numbers({5, 1}), numbers({7})}, 0});
    for (const Extents& x : {Extents{1, 1, 1}, Extents{5, 7, 3}, Extents{6, 7, 2, 8}, Extents{40, 60, 64}}) {
        Extents y = x;
        y.erase(y.begin() + 1);
        for (const bool hasLengths : {false, true}) {
            const auto with = [&](std::vector<CaseInput> inputs) {
                if (hasLengths)
                    inputs.push_back(numbers({x[0]}));
                return inputs;
            };
            cases.push_back({"MeanOverTime", {}, with({{x}})});
            cases.push_back({"MeanOverTimeGradient", {{"shape", fixedShape(x)}}, with({{y}})});
            cases.push_back({"MaxOverTime", {}, with({{x}}), 0});
            cases.push_back({"MaxOverTimeGradient", {}, with({{y}, {x, Fill::Coarse}}), 0});
        }
    }
    for (const Extents& scores : {Extents{1, 1, 1}, Extents{5, 7, 9}, Extents{6, 3, 17, 17}, Extents{33, 2, 31, 33}})
        for (const bool isCausal : {false, true}) {
            cases.push_back({"MaskedSoftmax", {{"causal", isCausal}}, {{scores}}});
            cases.push_back({"MaskedSoftmax", {{"causal", isCausal}}, {{scores}, numbers({scores[0]})}});
        }
}

void addRecurrent(Cases& cases)
{
    struct Sizes {
        std::int64_t samples, t, features, units;
    };
    const std::pair<std::string, std::int64_t> cells[] = {{"SimpleRnn", 1}, {"Lstm", 4}, {"Gru", 3}};
    constexpr double tolerance = 1e-4; // rounding grows from step to step
    // The last state is so wide that a card takes steps by products.
    for (const auto& [op, gates] : cells)
        for (const auto& [samples, t, features, units] : {Sizes{1, 1, 1, 1}, Sizes{5, 7, 3, 5}, Sizes{13, 6, 17, 32}, Sizes{7, 9, 8, 67}, Sizes{3, 3, 5, 260}})
            for (const bool isReverse : {false, true})
                for (const bool hasLengths : {false, true}) {
                    const std::int64_t width = gates * units;
                    std::vector<CaseInput> forward{{{samples, t, features}}, {{features, width}}, {{units, width}}, {{width}}, {{width}}};
                    std::vector<CaseInput> backward{{{samples, t, units}}, {{samples, units}}, {{units, width}}, {{samples, t, units}}};
                    if (gates > 1) {
                        backward.push_back({{samples, t, width}});
                        backward.push_back({{samples, t, units}});
                    }
                    if (hasLengths) {
                        forward.push_back({{samples}, Fill::Classes, DType::Int32});
                        backward.push_back(forward.back());
                    }
                    for (const bool forTraining : {false, true})
                        cases.push_back({op, {{"reverse", isReverse}, {"forTraining", forTraining}}, forward, tolerance});
                    cases.push_back({op + "Gradient", {{"reverse", isReverse}, {"hasDy", true}, {"hasDLast", true}}, backward, tolerance});
                    backward.erase(backward.begin());
                    cases.push_back({op + "Gradient", {{"reverse", isReverse}, {"hasDy", false}, {"hasDLast", true}}, backward, tolerance});
                }
}

} // namespace

std::vector<KernelCase> kernelCases()
{
    Cases cases;
    addConv(cases);
    addMatMul(cases);
    addElementwise(cases);
    addPool(cases);
    addReductions(cases);
    addMoving(cases);
    addClassification(cases);
    addBatchNorm(cases);
    addLayerNorm(cases);
    addUpdates(cases);
    addFusedConv(cases);
    addFused(cases);
    addSequences(cases);
    addRecurrent(cases);
    return cases;
}
