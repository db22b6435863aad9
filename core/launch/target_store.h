#pragma once

#include <string>
#include <vector>

#include "core/base/tree.h"
#include "core/launch/target.h"

namespace weft {

/// The user's targets, in a file that is read anew at each call, so that the Studio and the command line agree.
/// `local` is always there. A file that is damaged is named in the Error and left as it is.
class TargetStore {
public:
    /// `$XDG_CONFIG_HOME/weft/targets.json`.
    static std::string defaultPath();
    explicit TargetStore(std::string path = defaultPath()) : m_path(std::move(path)) {}

    /// In the order of their names.
    std::vector<Target> all() const;
    /// Throws Error with the nearest name where there is no such target.
    Target find(const std::string& name) const;
    /// Adds a target, or replaces the one of that name. Throws Error for a target that is not whole.
    void put(const Target& target);
    void remove(const std::string& name);

private:
    void write(const std::vector<Target>& targets) const;

    std::string m_path;
};

/// A target as a tree and back, for files. `targetFromTree` throws Error; `place` names the file and what in it.
Tree targetTree(const Target& target);
Target targetFromTree(const Tree& tree, const std::string& place);

} // namespace weft
