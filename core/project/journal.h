#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/edit.h"

namespace weft {

/// Edits as a list of [path, before, after], as the journal keeps them and processes tell each other of them.
Tree toTree(const Edits& edits);
/// Nothing when the tree holds something else.
std::optional<Edits> editsFrom(const Tree& tree);

/// One undo step: what the user reads and the edits.
struct JournalStep {
    std::string name;
    Edits edits;
    friend bool operator==(const JournalStep&, const JournalStep&) = default;
};

/// What a journal tells about a project file.
struct JournalContents {
    std::vector<JournalStep> steps; ///< the undo stack, steps taken back at its end
    std::size_t done = 0; ///< how many of `steps` are in effect
    std::vector<Edits> unsaved; ///< to apply to the file, in order, for the state that was lost
    std::int64_t damagedLines = 0; ///< lines at the end that could not be read and are left out
};

/// The edits of one project file, appended as they happen to
/// `$XDG_STATE_HOME/weft/journal/PROJECTID-FILEHASH.jsonl`. It serves recovery after a crash (edits since
/// the file was saved) and undo after reopening (edits before). The hash ties it to the file's contents:
/// a file that another program changed has another hash and starts with an empty journal.
/// One thread; the file is made at the first edit.
class Journal {
public:
    /// `fileHash` as `contentHash` gives it; that of the empty text for a project that was never saved.
    Journal(std::string projectId, std::string fileHash);

    const std::string& path() const { return m_path; }
    /// Appends a step. `mergesWithLast`: it belongs to the step before, as when a slider moves on.
    /// Throws Error when the file cannot be written.
    void append(const JournalStep& step, bool mergesWithLast = false);
    void undo();
    void redo();
    /// The project was saved as a file of this hash: nothing is unsaved any more, the steps stay for
    /// undo under the new name. Keeps the last `keptSteps`.
    void saved(const std::string& fileHash);
    /// Forgets everything, as after "do not save".
    void discard();
    /// Empty when there is no journal.
    JournalContents read() const;

    static constexpr std::size_t keptSteps = 1000;

private:
    void appendLine(const Tree& line);

    std::string m_projectId;
    std::string m_path;
};

/// 16 hexadecimal digits of the FNV-1a hash of a file's text.
std::string contentHash(const std::string& text);

} // namespace weft
