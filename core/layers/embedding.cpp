#include "core/ops/embedding/embedding.h"
#include "core/layers/sequence_support.h"

namespace weft {

namespace {

Value lowerEmbedding(LowerContext& c)
{
    const Value tokens = c.input(0);
    if (tokens.dtype() != DType::Int32)
        throw LayerFault(
            "type.notTokens",
            message(WEFT_TEXT("Embedding", "Embedding looks up words by their numbers, but gets %1 %2. Set the kind of the Input to tokens."),
                    nameOf(tokens.dtype()), toString(tokens.shape())));
    constexpr std::int64_t padding = 0;
    const bool hasPadding = c.param<bool>("padding");
    Initializer start{Initializer::Kind::Normal, 0.0, c.param<double>("deviation")};
    start.zeroRow = hasPadding ? padding : -1;
    const Shape shape{c.param<std::int64_t>("vocabulary"), c.param<std::int64_t>("dimension")};
    return embedding(c.parameter("table", shape, start), tokens, hasPadding ? padding : -1);
}

} // namespace

LayerSpec embedding()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Embedding"), Category::Sequence)
        .summary(WEFT_TEXT("Embedding", "Turns the number of a word into a learned vector."))
        .details(WEFT_TEXT("Embedding",
                           "A table with one row for each word of the vocabulary; [N, length] becomes [N, length, dimension]. Words that are used "
                           "alike get rows that are alike. Every network that reads text begins with it."))
        .formula("y[n, t] = table[x[n, t]]")
        .picture(Picture::Lookup)
        .param("vocabulary", 20000)
        .range(1, 1 << 24)
        .label(WEFT_TEXT("Embedding", "Vocabulary"))
        .help(WEFT_TEXT("Embedding", "Rows of the table: one more than the largest number of a word."))
        .param("dimension", 128)
        .range(1, 1 << 16)
        .label(WEFT_TEXT("Embedding", "Dimension"))
        .help(WEFT_TEXT("Embedding", "Numbers that stand for a word."))
        .param("padding", true)
        .label(WEFT_TEXT("Embedding", "0 is padding"))
        .help(WEFT_TEXT("Embedding", "The number 0 stands for no word: its row starts as zeros and does not learn."))
        .param("deviation", 1.0)
        .range(0.0, 100.0)
        .label(WEFT_TEXT("Embedding", "Deviation"))
        .help(WEFT_TEXT("Embedding", "The table starts with normal random numbers of this standard deviation."))
        .input("x", "[N, length]")
        .output("y", "[N, length, dimension]")
        .mask(Mask::Pass)
        .lower(lowerEmbedding);
}

} // namespace weft
