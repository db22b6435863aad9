#include <cmath>

#include "core/layers/sequence_support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/constant/constant.h"
#include "core/ops/first_rows/first_rows.h"

namespace weft {

namespace {

/// Waves of growing length: feature 2i of step t is sin(t / 10000^(2i / features)), feature 2i + 1 the cosine
/// (Vaswani et al., 2017).
std::vector<double> waves(std::int64_t steps, std::int64_t features)
{
    std::vector<double> numbers;
    numbers.reserve(static_cast<std::size_t>(steps * features));
    for (std::int64_t t = 0; t < steps; ++t) {
        for (std::int64_t feature = 0; feature < features; ++feature) {
            const double pair = static_cast<double>(feature / 2 * 2) / static_cast<double>(features);
            const double angle = static_cast<double>(t) / std::pow(10000.0, pair);
            numbers.push_back(feature % 2 == 0 ? std::sin(angle) : std::cos(angle));
        }
    }
    return numbers;
}

Value lowerPositionalEncoding(LowerContext& c)
{
    const Value x = sequenceInput(c, "PositionalEncoding");
    const Dim t = x.shape()[1];
    const std::int64_t features = x.shape()[2].factor;
    const std::int64_t longest = t.isFixed() ? t.factor : c.longest();
    const auto positions = c.param<std::int64_t>("maxLength");
    if (longest > positions)
        throw LayerFault(
            "sequence.tooLong",
            message(WEFT_TEXT("PositionalEncoding",
                              "Sequences of up to %1 steps are longer than the table of %2 positions. Set \"maxLength\" to at least %1, or "
                              "shorten the sequences."),
                    longest, positions),
            {Remedy::setParam(message(WEFT_TEXT("PositionalEncoding", "Use %1 positions"), longest), "maxLength", longest)});
    constexpr double deviation = 0.02;
    const Value table = c.param<std::string>("kind") == "learned"
        ? c.parameter("table", {positions, features}, {Initializer::Kind::Normal, 0.0, deviation})
        : constant(c.graph(), x.dtype(), {longest, features}, waves(longest, features));
    return add(x, firstRows(table, t));
}

} // namespace

LayerSpec positionalEncoding()
{
    return LayerSpec(WEFT_TEXT("LayerName", "PositionalEncoding"), Category::Sequence)
        .summary(WEFT_TEXT("PositionalEncoding", "Adds to each step a vector that tells its position."))
        .details(
            WEFT_TEXT("PositionalEncoding",
                      "Attention sees a sequence as a set; this layer, put behind the Embedding, tells first from last. Sinusoidal adds fixed waves "
                      "and has nothing to learn; learned adds one learned vector for each position."))
        .formula("y[t, 2i] = x + sin(t / 10000^(2i/d)),  y[t, 2i+1] = x + cos(t / 10000^(2i/d))")
        .picture(Picture::Waves)
        .param("kind", "sinusoidal")
        .choices({"sinusoidal", "learned"})
        .label(WEFT_TEXT("PositionalEncoding", "Kind"))
        .help(WEFT_TEXT("PositionalEncoding", "Fixed waves, or vectors that are learned."))
        .param("maxLength", 512)
        .range(1, 1 << 20)
        .label(WEFT_TEXT("PositionalEncoding", "Longest length"))
        .help(WEFT_TEXT("PositionalEncoding", "Positions that the table has: no sequence may be longer."))
        .input("x", "[N, T, features]")
        .output("y", "[N, T, features]")
        .mask(Mask::Pass)
        .lower(lowerPositionalEncoding);
}

} // namespace weft
