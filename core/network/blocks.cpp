#include "core/network/blocks.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>

namespace weft {

namespace {

/// A block seen from outside, with the texts that its specification points to.
struct Interface {
    std::deque<std::string> texts;
    std::unique_ptr<LayerSpec> layer;

    /// Translated where a template brought the text (`templateBlockTexts`), else as the user wrote it.
    Text keep(const std::string& text) { return {"TemplateBlock", texts.emplace_back(text).c_str()}; }
};

std::vector<std::string> portsOf(const Block& block, const LayerSpec& kind)
{
    std::vector<std::string> names;
    for (const Node& node : block.nodes) {
        if (node.type == kind.type())
            names.push_back(node.id);
    }
    return names;
}

void describe(const Block& block, Interface& result)
{
    result.layer = std::make_unique<LayerSpec>(block.id, Category::Block);
    LayerSpec& layer = *result.layer;
    layer.title(block.name).summary(result.keep(block.summary));
    for (const BlockParam& param : block.params)
        layer.integer(param.key, param.defaultValue)
            .range(static_cast<double>(param.minimum), static_cast<double>(param.maximum))
            .help(result.keep(param.help));
    for (const std::string& port : portsOf(block, blockInputLayer()))
        layer.input(port, "");
    for (const std::string& port : portsOf(block, blockOutputLayer()))
        layer.output(port, "");
}

/// All that can be seen of a block from outside.
std::string keyOf(const Block& block)
{
    std::string key;
    const auto append = [&](const std::string& part) { key += part + '\n'; };
    append(block.id);
    append(block.name);
    append(block.summary);
    for (const BlockParam& param : block.params) {
        append(param.key + ' ' + std::to_string(param.defaultValue) + ' ' + std::to_string(param.minimum) + ' ' + std::to_string(param.maximum));
        append(param.help);
    }
    for (const LayerSpec* kind : {&blockInputLayer(), &blockOutputLayer()}) {
        append(kind->type());
        for (const std::string& port : portsOf(block, *kind))
            append(port);
    }
    return key;
}

const LayerSpec& layerOf(const Block& block)
{
    static std::mutex mutex;
    static std::map<std::string, Interface> known;
    const std::lock_guard lock(mutex);
    Interface& result = known[keyOf(block)];
    if (!result.layer)
        describe(block, result);
    return *result.layer;
}

bool findCircle(const Network& network, const std::string& id, std::vector<std::string>& path, std::set<std::string>& cleared)
{
    if (cleared.count(id))
        return false;
    const auto seen = std::find(path.begin(), path.end(), id);
    const bool isCircle = seen != path.end();
    if (isCircle)
        path.erase(path.begin(), seen); // what only leads to the circle
    path.push_back(id);
    if (isCircle)
        return true;
    if (const Block* block = network.findBlock(id)) {
        for (const Node& node : block->nodes) {
            if (network.findBlock(node.type) && findCircle(network, node.type, path, cleared))
                return true;
        }
    }
    path.pop_back();
    cleared.insert(id);
    return false;
}

} // namespace

const LayerSpec* findLayer(const Network& network, const std::string& type)
{
    for (const LayerSpec* port : {&blockInputLayer(), &blockOutputLayer()}) {
        if (port->type() == type)
            return port;
    }
    const Block* block = network.findBlock(type);
    return block ? &layerOf(*block) : findLayer(type);
}

const LayerSpec& blockInputLayer()
{
    static const LayerSpec layer = LayerSpec(WEFT_TEXT("LayerName", "BlockInput"), Category::Block)
                                       .summary(WEFT_TEXT("Block", "Where a value enters the block."))
                                       .details(WEFT_TEXT("Block", "The block has an input of this node's id; what is wired to it comes out here."))
                                       .output("y", "[N, ...]");
    return layer;
}

const LayerSpec& blockOutputLayer()
{
    static const LayerSpec layer = LayerSpec(WEFT_TEXT("LayerName", "BlockOutput"), Category::Block)
                                       .summary(WEFT_TEXT("Block", "Where a value leaves the block."))
                                       .details(WEFT_TEXT("Block", "The block has an output of this node's id, which gives what is wired in here."))
                                       .input("x", "[N, ...]");
    return layer;
}

std::vector<std::string> circleOf(const Network& network, const std::string& block)
{
    std::vector<std::string> path;
    std::set<std::string> cleared;
    findCircle(network, block, path, cleared);
    return path;
}

} // namespace weft
