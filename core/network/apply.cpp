#include <algorithm>

#include "core/base/error.h"
#include "core/network/network.h"

namespace weft {

namespace {

bool isSheetPath(const std::string& path)
{
    return path.starts_with("nodes/") || path.starts_with("wires/");
}

} // namespace

bool isNetworkPath(const std::string& path)
{
    return isSheetPath(path) || path.starts_with("blocks/");
}

Edits reversed(const Edits& edits)
{
    Edits back;
    back.reserve(edits.size());
    for (auto it = edits.rbegin(); it != edits.rend(); ++it)
        back.push_back(it->reversed());
    return back;
}

Edits insideBlock(const std::string& block, Edits edits)
{
    for (Edit& edit : edits)
        edit.path = "blocks/" + block + "/" + edit.path;
    return edits;
}

namespace {

[[noreturn]] void refuse(const Edit& edit)
{
    throw Error(WEFT_TEXT("Network", "The edit of %1 does not fit the network as it is now."), edit.path);
}

void expect(bool condition, const Edit& edit)
{
    if (!condition)
        refuse(edit);
}

const std::string& textIn(const Tree& tree, const char* key, const Edit& edit)
{
    const Tree* value = tree.find(key);
    expect(value && value->isText(), edit);
    return value->text();
}

Node nodeFromTree(const Tree& tree, const Edit& edit)
{
    const auto text = [&](const char* key) { return textIn(tree, key, edit); };
    Node node{text("id"), text("name"), text("type"), Tree::Map{}, {}};
    const Tree* params = tree.find("params");
    expect(params && params->isMap() && isValidId(node.id), edit);
    node.params = *params;
    if (tree.find("sharesWith"))
        node.sharesWith = text("sharesWith");
    if (const Tree* factor = tree.find("learningRateFactor")) {
        expect(isRateFactor(*factor), edit);
        node.learningRateFactor = factor->number();
    }
    if (const Tree* bypassed = tree.find("bypassed")) {
        expect(bypassed->isBool(), edit);
        node.isBypassed = bypassed->boolean();
    }
    sortParams(node);
    return node;
}

/// The index that "at" names, or the end; an index past the end means the end.
std::ptrdiff_t placeOf(const Tree& tree, std::size_t size)
{
    const Tree* at = tree.find("at");
    const std::int64_t end = static_cast<std::int64_t>(size);
    return static_cast<std::ptrdiff_t>(at && at->isInt() ? std::clamp<std::int64_t>(at->integer(), 0, end) : end);
}

void applyToNode(Sheet& sheet, const Edit& edit, const std::string& id)
{
    const auto place = std::find_if(sheet.nodes.begin(), sheet.nodes.end(), [&](const Node& node) { return node.id == id; });
    const bool exists = place != sheet.nodes.end();
    expect(exists == !edit.before.isNull(), edit);
    if (exists) {
        Node current = *place;
        sortParams(current);
        expect(current == nodeFromTree(edit.before, edit), edit);
    }
    if (edit.after.isNull()) {
        expect(exists, edit);
        sheet.nodes.erase(place);
        return;
    }
    Node node = nodeFromTree(edit.after, edit);
    expect(node.id == id, edit);
    if (exists)
        *place = std::move(node);
    else
        sheet.nodes.insert(sheet.nodes.begin() + placeOf(edit.after, sheet.nodes.size()), std::move(node));
}

void applyToText(std::string& text, const Edit& edit)
{
    const auto textOf = [&](const Tree& tree) {
        expect(tree.isNull() || tree.isText(), edit);
        return tree.isNull() ? std::string() : tree.text();
    };
    expect(text == textOf(edit.before), edit);
    text = textOf(edit.after);
}

void applyToFactor(double& factor, const Edit& edit)
{
    expect((edit.before.isNull() || isRateFactor(edit.before)) && (edit.after.isNull() || isRateFactor(edit.after)), edit);
    expect(factor == (edit.before.isNull() ? 1.0 : edit.before.number()), edit);
    factor = edit.after.isNull() ? 1.0 : edit.after.number();
}

/// Null stands for false.
void applyToFlag(bool& flag, const Edit& edit)
{
    const auto valueOf = [&](const Tree& tree) {
        expect(tree.isNull() || tree.isBool(), edit);
        return !tree.isNull() && tree.boolean();
    };
    expect(flag == valueOf(edit.before), edit);
    flag = valueOf(edit.after);
}

void applyToParam(Node& node, const Edit& edit, const std::string& key)
{
    Tree* current = node.params.find(key);
    expect(!key.empty() && (current ? *current == edit.before : edit.before.isNull()), edit);
    if (edit.after.isNull()) {
        node.params.erase(key);
    } else if (current) {
        *current = edit.after;
    } else {
        node.params[key] = edit.after;
        sortParams(node);
    }
}

void applyToWire(Sheet& sheet, const Edit& edit, const std::string& text)
{
    // Ids may hold hyphens but no dots, so the arrow is the first one after the first dot.
    const std::size_t dot = text.find('.');
    const std::size_t arrow = dot == std::string::npos ? dot : text.find("->", dot);
    expect(arrow != std::string::npos, edit);
    const auto from = parsePortRef(text.substr(0, arrow));
    const auto to = parsePortRef(text.substr(arrow + 2));
    expect(from && to, edit);
    const Wire wire{*from, *to};
    const int index = wireIndex(sheet, wire);
    expect((index >= 0) == !edit.before.isNull() && edit.before.isNull() != edit.after.isNull(), edit);
    if (index >= 0)
        sheet.wires.erase(sheet.wires.begin() + index);
    else
        sheet.wires.insert(sheet.wires.begin() + placeOf(edit.after, sheet.wires.size()), wire);
}

std::vector<BlockParam> paramsFromTree(const Tree& tree, const Edit& edit)
{
    std::vector<BlockParam> params;
    expect(tree.isMap(), edit);
    for (const auto& [key, entry] : tree.map()) {
        const auto number = [&, &entry = entry](const char* name) {
            const Tree* value = entry.find(name);
            expect(value && value->isInt(), edit);
            return value->integer();
        };
        expect(isValidName(key), edit);
        params.push_back({key, number("default"), number("minimum"), number("maximum"), entry.find("help") ? textIn(entry, "help", edit) : ""});
    }
    return params;
}

Block blockFromTree(const Tree& tree, const Edit& edit)
{
    const auto listIn = [&](const char* key) -> const Tree::List& {
        const Tree* value = tree.find(key);
        expect(value && value->isList(), edit);
        return value->list();
    };
    Block block;
    block.id = textIn(tree, "id", edit);
    block.name = textIn(tree, "name", edit);
    block.summary = textIn(tree, "summary", edit);
    expect(isValidId(block.id) && tree.find("params"), edit);
    block.params = paramsFromTree(*tree.find("params"), edit);
    for (const Tree& node : listIn("nodes"))
        block.nodes.push_back(nodeFromTree(node, edit));
    for (const Tree& pair : listIn("wires")) {
        expect(pair.isList() && pair.list().size() == 2 && pair.list()[0].isText() && pair.list()[1].isText(), edit);
        const auto from = parsePortRef(pair.list()[0].text());
        const auto to = parsePortRef(pair.list()[1].text());
        expect(from && to, edit);
        block.wires.push_back({*from, *to});
    }
    return block;
}

void applyToWholeBlock(Network& network, const Edit& edit, const std::string& id)
{
    const auto place = std::find_if(network.blocks.begin(), network.blocks.end(), [&](const Block& block) { return block.id == id; });
    const bool exists = place != network.blocks.end();
    expect(exists == !edit.before.isNull() && (!exists || *place == blockFromTree(edit.before, edit)), edit);
    if (edit.after.isNull()) {
        expect(exists, edit);
        network.blocks.erase(place);
        return;
    }
    Block block = blockFromTree(edit.after, edit);
    expect(block.id == id, edit);
    if (exists)
        *place = std::move(block);
    else
        network.blocks.insert(network.blocks.begin() + placeOf(edit.after, network.blocks.size()), std::move(block));
}

/// `rest` is the path behind "blocks/".
void applyToBlock(Network& network, const Edit& edit, const std::string& rest)
{
    const std::size_t end = rest.find('/');
    if (end == std::string::npos)
        return applyToWholeBlock(network, edit, rest);
    Block* block = network.findBlock(rest.substr(0, end));
    expect(block, edit);
    const std::string field = rest.substr(end + 1);
    if (field == "name") {
        applyToText(block->name, edit);
    } else if (field == "summary") {
        applyToText(block->summary, edit);
    } else if (field == "params") {
        expect(block->params == paramsFromTree(edit.before, edit), edit);
        block->params = paramsFromTree(edit.after, edit);
    } else {
        try {
            apply(static_cast<Sheet&>(*block), {field, edit.before, edit.after});
        } catch (const Error&) {
            refuse(edit); // with the whole path
        }
    }
}

} // namespace

void apply(Sheet& sheet, const Edit& edit)
{
    const std::size_t slash = edit.path.find('/');
    expect(isSheetPath(edit.path), edit);
    const std::string rest = edit.path.substr(slash + 1);
    if (edit.path[0] == 'w')
        return applyToWire(sheet, edit, rest);

    const std::size_t end = rest.find('/');
    if (end == std::string::npos)
        return applyToNode(sheet, edit, rest);
    Node* node = sheet.findNode(rest.substr(0, end));
    expect(node, edit);
    const std::string field = rest.substr(end + 1);
    if (field == "name")
        applyToText(node->name, edit);
    else if (field == "sharesWith")
        applyToText(node->sharesWith, edit);
    else if (field == "learningRateFactor")
        applyToFactor(node->learningRateFactor, edit);
    else if (field == "bypassed")
        applyToFlag(node->isBypassed, edit);
    else if (field.rfind("params/", 0) == 0)
        applyToParam(*node, edit, field.substr(7));
    else
        refuse(edit);
}

void apply(Network& network, const Edit& edit)
{
    if (edit.path.starts_with("blocks/"))
        applyToBlock(network, edit, edit.path.substr(7));
    else
        apply(static_cast<Sheet&>(network), edit);
}

} // namespace weft
