#include "core/ops/chain/chain.h"

#include "core/ops/chain/chain_ref.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes& attributes)
{
    return {{resultType(inputs[0].dtype, attributes), inputs[0].shape}};
}

const OpSpec spec{.name = "ElementwiseChain", .infer = infer, .isElementwise = true, .readsState = true};

} // namespace

int linkCode(std::string_view op, int running)
{
    int code = 0, found = -1;
    const auto look = [&](const auto& entry) {
        if (op == entry.op && running == entry.running)
            found = code;
        ++code;
    };
    std::apply([&](const auto&... entries) { (look(entries), ...); }, linkTable);
    return found;
}

std::optional<ChainLink> chainLink(const Op& op, int running)
{
    ChainLink link{linkCode(op.spec().name, running)};
    if (link.code < 0)
        return {};
    const Attributes& attributes = op.attributes();
    if (attributes.has("alpha"))
        link.a = attributes.real("alpha");
    if (attributes.has("scale")) {
        link.a = attributes.real("scale");
        link.b = attributes.real("shift");
    }
    return attributes.has("rate") ? dropoutLink(attributes) : link;
}

ChainLink dropoutLink(const Attributes& attributes)
{
    const double rate = attributes.real("rate");
    return {linkCode("Dropout"), rate < 1.0 ? 1.0 / (1.0 - rate) : 0.0, rate, attributes.integer("stream")};
}

LinkOperand operandOf(const ChainLink& link)
{
    LinkOperand operand = LinkOperand::None;
    visitLink(link.code, [&](auto of) { operand = decltype(of)::operand; });
    return operand;
}

Attributes chainAttributes(const std::vector<ChainLink>& links)
{
    std::vector<std::int64_t> codes, streams;
    std::vector<double> numbers;
    for (const ChainLink& link : links) {
        codes.push_back(link.code);
        streams.push_back(link.stream);
        numbers.insert(numbers.end(), {link.a, link.b});
    }
    return {{"links", codes}, {"numbers", numbers}, {"streams", streams}};
}

std::vector<ChainLink> chainLinks(const Attributes& attributes)
{
    const auto &codes = attributes.integers("links"), &streams = attributes.integers("streams");
    const auto& numbers = attributes.get<std::vector<double>>("numbers");
    std::vector<ChainLink> links;
    for (std::size_t i = 0; i < codes.size(); ++i)
        links.push_back({static_cast<int>(codes[i]), numbers[2 * i], numbers[2 * i + 1], streams[i]});
    return links;
}

const OpSpec& elementwiseChainSpec()
{
    return spec;
}

std::vector<const OpSpec*> chainOps()
{
    return {&spec};
}

void chainReferenceKernels(KernelTable& table)
{
    addReference<ElementwiseChainReference>(table, "ElementwiseChain");
}

} // namespace weft
