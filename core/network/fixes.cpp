#include "core/network/wiring.h"

namespace weft {

namespace {

/// The wire that carries input `input` of the context, or nullptr.
const Wire* wireOf(const Sheet& sheet, const std::vector<WireSource>& inputs, int input)
{
    if (input < 0 || input >= static_cast<int>(inputs.size()))
        return nullptr;
    const int index = inputs[static_cast<std::size_t>(input)].wire;
    return index < 0 ? nullptr : &sheet.wires[static_cast<std::size_t>(index)];
}

Edits editsOf(const Sheet& sheet, const std::string& id, const std::vector<WireSource>& inputs, const Remedy& remedy)
{
    switch (remedy.kind) {
    case Remedy::Kind::SetParam: return {setParamEdit(sheet, id, remedy.key, remedy.value)};
    case Remedy::Kind::BypassSource: {
        // The layer that the value comes from, which bypassed ones may stand behind.
        const bool isWired = wireOf(sheet, inputs, remedy.input);
        return isWired ? bypassNodeEdits(sheet, sheet.nodes[static_cast<std::size_t>(inputs[static_cast<std::size_t>(remedy.input)].node)].id)
                       : Edits{};
    }
    case Remedy::Kind::InsertBefore: {
        const Wire* wire = wireOf(sheet, inputs, remedy.input);
        const LayerSpec* layer = findLayer(remedy.layer);
        if (!wire || !layer)
            return {};
        const std::string fresh = freshId(sheet, layer->type());
        return insertNodeEdits(sheet, *wire, {fresh, fresh, layer->type(), Tree::Map{}, {}}, layer->inputs()[0].name, layer->outputs()[0].name);
    }
    }
    return {};
}

} // namespace

std::vector<Fix> fixesOf(const Sheet& sheet, const std::string& id, const std::vector<WireSource>& inputs, const std::vector<Remedy>& remedies)
{
    std::vector<Fix> fixes;
    for (const Remedy& remedy : remedies) {
        Edits edits = editsOf(sheet, id, inputs, remedy);
        if (!edits.empty())
            fixes.push_back({remedy.label, std::move(edits)});
    }
    return fixes;
}

} // namespace weft
