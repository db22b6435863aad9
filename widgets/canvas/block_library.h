#pragma once

#include <map>
#include <string>
#include <vector>

#include <QString>

#include "widgets/canvas/network_edits.h"

namespace weft {

/// What a type's name in the palette begins with when it stands for a saved block.
inline constexpr const char* savedBlockPrefix = "library:";

/// The definitions of these blocks and of the blocks inside them, with the places of their nodes: what the
/// clipboard and the saved blocks hold. {"definitions": [BLOCK…], "places": {BLOCK: {NODE: [x, y]}}}
Tree blocksTree(const Project& project, const std::vector<std::string>& blocks);
/// Adds the definitions that the project lacks. One that it has with other contents comes under a new id.
/// Gives the new ids by the old ones; none when the tree is not what `blocksTree` made. Throws Error for damage.
std::map<std::string, std::string> importBlocks(EditBatch& batch, const Tree& tree);

/// The blocks that the user has saved for all projects, as files in `$XDG_DATA_HOME/weft/blocks`.
class BlockLibrary {
public:
    struct Entry {
        QString file;
        Block block;
        Tree tree; ///< as `blocksTree` gives it
    };
    /// In the order of their names. Files that cannot be read are passed over.
    static std::vector<Entry> entries();
    /// Saves a block and what it needs; one saved under the same name before is replaced. Throws Error.
    static void save(const Project& project, const std::string& block);
    /// Forgets the saved block of which this is the name in the palette.
    static void remove(const QString& type);
    static QString folder();
};

/// The layer that a name of the palette means, a saved block's definitions being added to the batch first;
/// nullptr for an unknown one. Throws Error when a saved block is damaged.
const LayerSpec* findOffered(EditBatch& batch, const QString& type);
/// Whether a node of this type may lie on the batch's sheet: a block cannot contain itself.
bool mayContain(const Network& network, const std::string& block, const std::string& type);

} // namespace weft
