#pragma once

#include <string>

#include "core/base/diagnostic.h"
#include "core/base/edit.h"
#include "core/base/tree.h"
#include "core/network/network.h"

namespace weft {

/// The newest project format that this program writes and understands (key "weft").
inline constexpr int projectFormat = 1;

/// A project: network, data source, training settings, and the view's positions.
/// `data`: {"source": "fashion-mnist" | "idx" | "images" | "csv", "path"?, "labelColumn"?, "validation": {"last": 5000} | {"fraction": 0.1}, …}
/// `training`: {"optimizer": {"type": "adam", "learningRate": 0.001, …}, "epochs", "batchSize", "seed", "shuffle"}
/// `view`: {"positions": {"conv1": [x, y]}}.
/// Missing keys of data and training read as the defaults of `trainingSettings` and `dataSettings`.
struct Project {
    int format = projectFormat;
    std::string id; ///< random, stays with the project
    Tree data = Tree::Map{};
    Network network;
    Tree training = Tree::Map{};
    Tree view = Tree::Map{};
    friend bool operator==(const Project&, const Project&) = default;
};

/// Reads project text. Throws Error with line and key for damage, duplicates, unknown keys (with the
/// nearest known one) and newer versions. `name` is for messages.
Project parseProject(const std::string& text, const std::string& name);
Project readProject(const std::string& path);
/// Fixed key order, one node or wire a line, a final newline.
std::string formatProject(const Project& project);
/// Writes to a temporary name, syncs, renames. Throws Error with the reason (full disk, no rights).
void writeProject(const Project& project, const std::string& path);
std::string newProjectId();

/// Applies an edit of any part: network paths as in `apply(Network&, …)`, `data/…`, `training/…`,
/// `view/positions/ID`.
void apply(Project& project, const Edit& edit);
/// `--set KEY=VALUE`: a path of the project file with dots, e.g. "training.optimizer.learningRate".
/// Throws Error for unknown keys and values of the wrong kind.
Edit settingEdit(const Project& project, const std::string& key, const std::string& value);

/// A template by name ("mlp", "lenet"), from resources. Throws Error, listing the names.
Project projectFromTemplate(const std::string& name);
struct TemplateInfo { std::string name; Text title; Text description; };
std::vector<TemplateInfo> projectTemplates();

/// JSON text of a tree and back, for journals, worker messages and settings. `fromJson` throws Error
/// with line and column.
std::string toJson(const Tree& tree);
Tree fromJson(const std::string& text, const std::string& name);

} // namespace weft
