#pragma once

#include <string>
#include <vector>

#include "core/base/tree.h"

namespace weft {

/// What a key of `data` or `training` holds.
enum class SettingKind { Integer, Real, Boolean, Text, Integers, Texts, Map };

/// A key that project files know. Ranges and defaults are the business of `dataSettings` and
/// `trainingSettings`; this list says what may stand in a file, in which order, and what `--set` takes.
struct SettingKey {
    const char* path; ///< "training/optimizer/learningRate"
    SettingKind kind;
    bool isAlternative = false; ///< excludes its siblings: a split has either `last` or `fraction`
};

/// All keys of `data` and `training`, maps before what they hold, in the order of the file.
const std::vector<SettingKey>& settingKeys();
const SettingKey* findSettingKey(const std::string& path);
/// The keys inside the map `parent`.
std::vector<std::string> settingKeysIn(const std::string& parent);
/// True when a value is of the kind; a whole number is a real as well.
bool hasKind(const Tree& value, SettingKind kind);
/// "a whole number", "true or false", … in English, for messages that name keys.
const char* describe(SettingKind kind);
/// Brings the maps of a settings tree into the order of `settingKeys` and drops empty maps.
void sortSettings(Tree& tree, const std::string& path);

} // namespace weft
