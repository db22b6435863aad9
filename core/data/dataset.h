#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/dtype.h"
#include "core/base/shape.h"
#include "core/base/text.h"
#include "core/base/tree.h"

namespace weft {

class TextEncoder;

enum class Split { Train, Validation, Test };
const char* nameOf(Split split);

/// A column that Input and Loss nodes bind by name. `shape` is one sample's: [1, 28, 28], [] for a label.
struct Column {
    std::string name;
    DType dtype = DType::Float32;
    Extents shape;
    bool isLabel = false; ///< int32 class index into classNames
    /// The first extent is that of the longest sample; shorter ones are padded with zeros at their end. An
    /// int32 column of shape [] named `<name>.lengths` says how long each is, at least 1.
    bool isSequence = false;
    std::int64_t indexCount = 0; ///< tokens: how many indices occur; 0 for other columns
};

/// Something skipped while opening or reading: counted, and the first few named.
struct DataWarning {
    Message message;
    std::int64_t count = 1;
};

/// Samples by split, random access by index. Read-only after opening; `read` may be called from the
/// loader's thread.
class Dataset {
public:
    virtual ~Dataset() = default;
    virtual const std::vector<Column>& columns() const = 0;
    virtual const std::vector<std::string>& classNames() const = 0;
    virtual std::int64_t size(Split split) const = 0;
    /// Writes one sample's column, row-major, sizeOf(dtype) · elements bytes. Throws Error when a file
    /// has become unreadable.
    virtual void read(Split split, std::int64_t index, int column, void* to) const = 0;
    /// Names a sample to the user: a file path, or "test 17".
    virtual std::string sampleName(Split split, std::int64_t index) const = 0;
    /// Class index of every sample of a split, for counts and filters; empty without a label column.
    virtual std::span<const std::int32_t> labels(Split split) const = 0;
    /// Changes when the data changes: hash of names, sizes and (idx, csv) contents.
    virtual std::string fingerprint() const = 0;
    virtual const std::vector<DataWarning>& warnings() const = 0;
    /// Tables: what the numbers in the column `features` are called, in order. Empty for other sources.
    virtual std::vector<std::string> featureNames() const { return {}; }
    /// Texts: a sample as it stands in its file, and how texts become numbers. Empty, null for other sources.
    virtual std::string sampleText(Split, std::int64_t) const { return {}; }
    virtual const TextEncoder* textEncoder() const { return nullptr; }
    /// Sources whose samples are files of their own, named by `sampleName`: what a folder with a part of these files must hold
    /// under the name `partIndexName` to open as the whole does. Empty for sources that are read as a whole.
    virtual std::string partIndex() const { return {}; }

    const Column* findColumn(const std::string& name) const;
    int columnIndex(const std::string& name) const; ///< −1 when absent
};

inline constexpr const char* partIndexName = "weft-part.json";

/// Reports progress of long openings; returns false to cancel (opening then throws Error).
using DataProgress = std::function<bool(std::int64_t done, std::int64_t total)>;

/// Opens what a project's `data` tree describes. `baseDir` resolves relative paths. Throws Error that
/// says what, where and what to do (missing package, damaged file, empty folder, one class only, …).
std::unique_ptr<Dataset> openDataset(const Tree& data, const std::string& baseDir, const DataProgress& progress = {});

/// The `data` tree for what a user names: a source of the catalogue, a folder of pictures or IDX files, a
/// table. Paths become absolute. Throws Error when it is none of these.
Tree describeData(const std::string& name);

/// An entry that needs no path, found on this machine or with how to get it.
struct CatalogueEntry {
    std::string source; ///< value of data/source
    Text title;
    Text description;
    bool isAvailable = false;
    Message howToGet; ///< e.g. "Install the Debian package dataset-fashion-mnist."
};
std::vector<CatalogueEntry> dataCatalogue();

/// Batches of a split, filled ahead on a thread of its own. Shuffling is keyed by (seed, epoch).
struct Batch {
    std::int64_t size = 0;
    std::int64_t ofAllRanks = 0; ///< samples that all ranks have of this batch together
    /// A rank without a sample in this batch has one row of zeros, so that it takes part in what the ranks do.
    bool isFiller = false;
    std::int64_t samples() const { return isFiller ? 0 : size; }
    std::int64_t time = 1; ///< extent of the columns that are loaded as long as the batch needs
    std::vector<std::int64_t> indices; ///< sample index of each row: the global sample index
    std::vector<std::vector<std::byte>> columns; ///< as asked for, [N, …] row-major
};

struct LoaderOptions {
    Split split = Split::Train;
    std::vector<int> columns;
    /// Those of `columns` that are sequences and end where the longest sample of the batch ends, rounded up
    /// to a multiple of `timeBucket`. The other columns come whole.
    std::vector<int> cutColumns = {};
    std::int64_t batchSize = 64;
    bool shuffle = true;
    std::uint64_t seed = 0;
    std::int64_t prefetch = 4; ///< batches read ahead
    /// Of each batch the ranks of a distributed run take parts that follow each other and differ by one sample at most.
    int rank = 0, ranks = 1;
    /// Each rank shuffles the samples that it would read of an epoch in file order, so that they are the same ones in every
    /// epoch. Without it all samples are shuffled.
    bool keepsSamples = false;
};

class Loader {
public:
    Loader(const Dataset& dataset, LoaderOptions options);
    ~Loader();
    std::int64_t batchesPerEpoch() const;
    /// Starts at batch `first` of an epoch; what was read ahead of another epoch is dropped.
    void startEpoch(std::int64_t epoch, std::int64_t first = 0);
    /// One batch of an epoch, or the part of `rank` in it, without reading ahead; valid as that of `next`.
    const Batch* fetch(std::int64_t epoch, std::int64_t number, int rank, int ranks);
    /// The next batch, valid until the next call, or nullptr at the end. The buffers are recycled: no
    /// allocation after the first epoch. Rethrows what the reading thread threw.
    const Batch* next();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// Where the part of `rank` begins in a batch of `samples`: parts differ by one at most, none is larger than that of rank 0.
std::int64_t partBegin(std::int64_t samples, int rank, int ranks);

/// The rank that reads each place of an epoch in batches of `batchSize`.
std::vector<int> ranksOfPlaces(std::int64_t size, std::int64_t batchSize, int ranks);

/// Lengths of batches are multiples of this, so that few plans serve all of them.
inline constexpr std::int64_t timeBucket = 32;
/// The smallest multiple of `timeBucket` that holds `length`, at most `longest`.
std::int64_t bucketOf(std::int64_t length, std::int64_t longest);

/// Order of the samples of an epoch: a permutation keyed by (seed, epoch), or file order.
std::vector<std::int64_t> epochOrder(std::int64_t size, bool shuffle, std::uint64_t seed, std::int64_t epoch);

} // namespace weft
