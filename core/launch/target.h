#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/text.h"

namespace weft {

/// Where a target starts ranks: here, on hosts reached by SSH, by Slurm, in a Kubernetes cluster.
enum class TargetKind { Local, Mpi, Slurm, Kubernetes };

/// "local", "mpi", "slurm", "kubernetes"
const char* nameOf(TargetKind kind);
/// Throws Error, listing the kinds.
TargetKind targetKind(const std::string& name);

/// What a field of a target holds. Lists and pairs are separated by commas: "a,b", "disk=ssd,zone=b".
enum class FieldKind {
    Text, ///< anything on one line
    Integer,
    Choice,
    Path, ///< of a file or folder
    Name, ///< as Kubernetes names objects: small letters, digits, - and .
    Quantity, ///< as Kubernetes counts: 4, 500m, 8Gi
    Host, ///< a name that ssh takes, perhaps with user@ before it
    Hosts, ///< HOST or HOST:SLOTS, separated by commas
    Names,
    Texts,
    Pairs,
};

/// A field that targets of a kind have. The command line and the Studio's form are made of these.
struct TargetField {
    const char* key;
    FieldKind kind;
    const char* fallback; ///< what counts where the user says nothing
    Text help;
    bool isRequired = false;
    std::int64_t minimum = 0; ///< of integers
    std::int64_t maximum = 0;
    std::vector<const char*> choices = {};
    Text label = {}; ///< what forms call it
    bool isEssential = false; ///< forms show it at once and fold the others away
};

/// The fields of a kind, in the order of a form.
const std::vector<TargetField>& targetFields(TargetKind kind);

/// A host with the number of ranks it takes.
struct HostSlots {
    std::string host;
    int ranks = 1;
};

/// A named place to run. Holds no secrets: keys and tokens stay with ssh and kubectl.
struct Target {
    std::string name;
    TargetKind kind = TargetKind::Local;
    std::map<std::string, std::string> fields; ///< only those that the user gave

    /// The value of a field, or what counts without one.
    std::string value(const std::string& key) const;
    std::int64_t integer(const std::string& key) const;
    std::vector<std::string> list(const std::string& key) const;
    std::vector<std::pair<std::string, std::string>> pairs(const std::string& key) const;
    std::vector<HostSlots> hosts(const std::string& key) const;
    friend bool operator==(const Target&, const Target&) = default;
};

/// How many ranks train there.
std::int64_t rankCount(const Target& target);

/// Sets a field, or takes it back where `value` is empty. Throws Error for keys that the kind does not have
/// (with the nearest one) and for values of the wrong form.
void setField(Target& target, const std::string& key, const std::string& value);
/// Throws Error for a name that is no word of letters, digits, - and _, and for required fields without a value.
void checkTarget(const Target& target);

} // namespace weft
