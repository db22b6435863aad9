#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/layers/layer_spec.h"
#include "core/network/blocks.h"
#include "core/project/json.h"
#include "core/project/project.h"
#include "core/project/setting_keys.h"

namespace weft {

namespace {

std::vector<std::string> split(const std::string& text, char separator)
{
    std::vector<std::string> parts{""};
    for (const char c : text) {
        if (c == separator)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

[[noreturn]] void refuse(const Edit& edit)
{
    throw Error(WEFT_TEXT("Project", "The edit of %1 does not fit the project as it is now."), edit.path);
}

const Tree* valueAt(const Tree& root, const std::vector<std::string>& steps)
{
    const Tree* place = &root;
    for (std::size_t i = 1; i < steps.size() && place; ++i)
        place = place->find(steps[i]);
    return place;
}

Tree* section(Project& project, const std::string& name)
{
    return name == "data" ? &project.data : name == "training" ? &project.training : name == "view" ? &project.view : nullptr;
}

/// Sets the value, making the maps on the way.
void setAt(Tree& root, const std::vector<std::string>& steps, const Tree& value, const Edit& edit)
{
    Tree* place = &root;
    for (std::size_t i = 1; i < steps.size(); ++i) {
        if (!place->isMap() && !place->isNull())
            refuse(edit);
        place = &(*place)[steps[i]];
    }
    *place = value;
}

void eraseAt(Tree& root, std::vector<std::string> steps)
{
    const std::string key = steps.back();
    steps.pop_back();
    if (Tree* parent = const_cast<Tree*>(valueAt(root, steps)))
        parent->erase(key);
}

const ParamSpec& paramAt(const Project& project, const std::string& key, const std::vector<std::string>& steps)
{
    const Node* node = steps.size() == 4 && steps[2] == "params" ? project.network.findNode(steps[1]) : nullptr;
    const LayerSpec* layer = node ? findLayer(project.network, node->type) : nullptr;
    const ParamSpec* param = layer ? layer->findParam(steps[3]) : nullptr;
    if (!param)
        throw Error(WEFT_TEXT("Project",
                              "There is no setting %1. Parameters of layers are set as nodes.ID.params.KEY, such as nodes.dense1.params.units=64."),
                    key);
    return *param;
}

/// The value of `--set`: JSON where it is JSON, else a plain text.
Tree valueOf(const std::string& text)
{
    try {
        return fromJson(text, {});
    } catch (const Error&) {
        return text;
    }
}

Edit paramEdit(const Project& project, const std::string& key, const std::vector<std::string>& steps, const std::string& text)
{
    if (steps.size() == 3 && steps[2] == "learningRateFactor" && project.network.findNode(steps[1])) {
        const Tree factor = valueOf(text);
        if (!isRateFactor(factor))
            throw Error(WEFT_TEXT("Project", "The setting %1 must be a number of at least 0, not \"%2\"; 0 freezes the layer."), key, text);
        return rateFactorEdit(project.network, steps[1], factor.number());
    }
    if (steps.size() == 3 && steps[2] == "bypassed" && project.network.findNode(steps[1])) {
        const Tree value = valueOf(text);
        if (!value.isBool())
            throw Error(WEFT_TEXT("Project", "The setting %1 must be true or false, not \"%2\"."), key, text);
        return setBypassedEdit(project.network, steps[1], value.boolean());
    }
    const ParamSpec& param = paramAt(project, key, steps);
    const bool isWord = param.kind == ParamKind::Text || param.kind == ParamKind::Choice || param.kind == ParamKind::Column;
    const Node& node = *project.network.findNode(steps[1]);
    return setParamEdit(project.network, node.id, param.key, checkedValue(param, isWord ? Tree(text) : valueOf(text), node.type));
}

const SettingKey& settingAt(const std::string& key, const std::string& path)
{
    const SettingKey* known = findSettingKey(path);
    if (known && known->kind != SettingKind::Map)
        return *known;
    std::vector<std::string> names;
    for (const SettingKey& setting : settingKeys()) {
        if (setting.kind != SettingKind::Map) {
            names.emplace_back(setting.path);
            std::replace(names.back().begin(), names.back().end(), '/', '.');
        }
    }
    std::string near = nearest(key, names);
    // A bare "epochs" is far from "training.epochs" by letters, but clear.
    for (const std::string& name : names) {
        if (near.empty() && name.size() > key.size() && name.compare(name.size() - key.size() - 1, std::string::npos, "." + key) == 0)
            near = name;
    }
    if (near.empty())
        throw Error(WEFT_TEXT("Project", "There is no setting %1."), key);
    throw Error(WEFT_TEXT("Project", "There is no setting %1. Did you mean %2?"), key, near);
}

} // namespace

void apply(Project& project, const Edit& edit)
{
    if (isNetworkPath(edit.path))
        return apply(project.network, edit);
    const std::vector<std::string> steps = split(edit.path, '/');
    Tree* root = section(project, steps[0]);
    if (!root || std::any_of(steps.begin(), steps.end(), [](const std::string& step) { return step.empty(); }))
        refuse(edit);
    const Tree* current = valueAt(*root, steps);
    Tree before = edit.before;
    sortSettings(before, edit.path); // as what is there was sorted when it came
    if (current ? *current != before : !before.isNull())
        refuse(edit);
    if (steps.size() == 1 && !edit.after.isMap())
        refuse(edit);
    if (current && !edit.after.isNull() && !edit.after.isMap() && !current->isMap()) {
        *const_cast<Tree*>(current) = edit.after; // a value for a value moves nothing else
        return;
    }
    Tree changed = *root;
    if (edit.after.isNull())
        eraseAt(changed, steps);
    else
        setAt(changed, steps, edit.after, edit);
    sortSettings(changed, steps[0]);
    *root = std::move(changed);
}

void applyAll(Project& project, const Edits& edits)
{
    Project changed = project;
    for (const Edit& edit : edits)
        apply(changed, edit);
    project = std::move(changed);
}

Edit settingEdit(const Project& project, const std::string& key, const std::string& value)
{
    std::string path = key;
    std::replace(path.begin(), path.end(), '.', '/');
    std::vector<std::string> steps = split(path, '/');
    if (steps[0] == "nodes")
        return paramEdit(project, key, steps, value);

    const SettingKey& known = settingAt(key, path);
    Tree after = known.kind == SettingKind::Text ? Tree(value) : valueOf(value);
    if (!hasKind(after, known.kind))
        throw Error(WEFT_TEXT("Project", "The setting %1 must be %2, not \"%3\"."), key, describe(known.kind), value);
    if (known.isAlternative) {
        after = Tree::Map{{steps.back(), after}};
        steps.pop_back();
        path = path.substr(0, path.rfind('/'));
    }
    const Tree& root = steps[0] == "data" ? project.data : project.training;
    const Tree* current = valueAt(root, steps);
    return {path, current ? *current : Tree(), after};
}

Edit positionEdit(const Project& project, const std::string& id, double x, double y)
{
    const Tree* positions = project.view.find("positions");
    const Tree* current = positions ? positions->find(id) : nullptr;
    // Whole numbers are written without a point: files stay short.
    const auto number = [](double v) { return std::floor(v) == v ? Tree(static_cast<std::int64_t>(v)) : Tree(v); };
    return {"view/positions/" + id, current ? *current : Tree(), Tree::List{number(x), number(y)}};
}

} // namespace weft
