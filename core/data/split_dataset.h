#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/data/data_settings.h"
#include "core/data/dataset.h"

namespace weft {

/// Which samples of one collection belong to which split, each in file order.
using SplitIndices = std::array<std::vector<std::int64_t>, 3>;

/// Divides `count` samples: the test split first, then validation, the rest trains. Fractions are
/// drawn by `seed`; they give at least one sample where `count` allows it. Folds share the samples of each
/// class evenly where `labels` says which class each has. Throws Error when nothing is left to train on.
SplitIndices splitSamples(std::int64_t count, const SplitRule& validation, const SplitRule& test, std::uint64_t seed,
                          std::span<const std::int32_t> labels = {});

/// What the sources have in common: columns, class names, labels by split, warnings.
class SplitDataset : public Dataset {
public:
    const std::vector<Column>& columns() const override { return m_columns; }
    const std::vector<std::string>& classNames() const override { return m_classNames; }
    std::int64_t size(Split split) const override { return static_cast<std::int64_t>(indices(split).size()); }
    std::span<const std::int32_t> labels(Split split) const override { return m_labels[static_cast<std::size_t>(split)]; }
    const std::vector<DataWarning>& warnings() const override { return m_warnings; }

protected:
    const std::vector<std::int64_t>& indices(Split split) const { return m_indices[static_cast<std::size_t>(split)]; }
    std::int64_t indexOf(Split split, std::int64_t sample) const { return indices(split)[static_cast<std::size_t>(sample)]; }
    void addColumn(std::string name, DType dtype, Extents shape, bool isLabel = false);
    /// Throws Error when there are fewer than two classes.
    void checkClasses(const std::string& where) const;

    std::vector<Column> m_columns;
    std::vector<std::string> m_classNames;
    SplitIndices m_indices; ///< by split: places in what the source stores
    std::array<std::vector<std::int32_t>, 3> m_labels;
    std::vector<DataWarning> m_warnings;
};

/// Sorts class names as people expect: as numbers when all are integers, else by their bytes.
void sortClassNames(std::vector<std::string>& names);

} // namespace weft
