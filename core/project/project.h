#pragma once

#include <string>

#include "core/base/diagnostic.h"
#include "core/base/edit.h"
#include "core/base/error.h"
#include "core/base/tree.h"
#include "core/network/network.h"

namespace weft {

/// The newest project format that this program writes and understands (key "weft").
inline constexpr int projectFormat = 1;

/// A project: network, data source, training settings, and the view's positions.
/// `data`: {"source": "fashion-mnist" | "idx" | "images" | "csv" | "generated", "path"?, "labelColumn"?, "validation": {"last": 5000} | {"fraction": 0.1}, …}
/// `training`: {"optimizer": {"type": "adam", "learningRate": 0.001, …}, "schedule": {"type", …}, "epochs", "batchSize", …}
/// `view`: {"positions": {"conv1": [x, y]}, "blocks": {BLOCK: {"conv1": [x, y]}}}, the places inside blocks.
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

/// The project was written by a newer version: the Studio offers to look at it read-only.
class ProjectVersionError : public Error {
public:
    ProjectVersionError(Message message, int format) : Error(std::move(message)), m_format(format) {}
    int format() const { return m_format; }

private:
    int m_format;
};

/// Strict refuses what it does not know. Tolerant passes over unknown keys and newer formats, to look
/// at a project without writing it.
enum class Reading { Strict, Tolerant };

/// Reads project text. Throws ProjectVersionError for newer formats, otherwise
/// Error with the line and what is wrong: damage, doubled keys and ids, unknown keys (with the nearest
/// known one), values of the wrong kind. `name` is for messages.
Project parseProject(const std::string& text, const std::string& name, Reading reading = Reading::Strict);
Project readProject(const std::string& path, Reading reading = Reading::Strict);
/// Fixed key order, one node or wire a line, a final newline.
std::string formatProject(const Project& project);
/// Writes to a temporary name, syncs, renames. Throws Error with the reason (full disk, no rights).
void writeProject(const Project& project, const std::string& path);
std::string newProjectId();

/// Applies an edit of any part: network paths as in `apply(Network&, …)`; `data`, `training` and `view`
/// whole (maps) or any place inside them (`training/optimizer/learningRate`, `view/positions/ID`). Maps on
/// the way are made, and dropped when they become empty. Throws Error when `before` is not what is there.
void apply(Project& project, const Edit& edit);
/// All of them or, when one does not fit, none.
void applyAll(Project& project, const Edits& edits);
/// Moves a node on the canvas.
Edit positionEdit(const Project& project, const std::string& id, double x, double y);
/// `--set KEY=VALUE`: a path of the project file with dots, e.g. "training.optimizer.learningRate" or
/// "nodes.dense1.params.units".
/// Throws Error for unknown keys and values of the wrong kind.
Edit settingEdit(const Project& project, const std::string& key, const std::string& value);

/// A template by name, from resources. Throws Error, listing the names.
Project projectFromTemplate(const std::string& name);
struct TemplateInfo {
    std::string name;
    Text title;
    Text description;
    Text expected; ///< on which data, and what to expect of it
};
std::vector<TemplateInfo> projectTemplates();

/// JSON text of a tree and back, for journals, worker messages and settings. `fromJson` throws Error
/// with line and column.
std::string toJson(const Tree& tree);
Tree fromJson(const std::string& text, const std::string& name);

} // namespace weft
