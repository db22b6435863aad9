#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/text.h"
#include "core/network/network.h"
#include "core/training/checkpoint.h"

namespace weft {

/// A trained network to hand out.
struct ExportJob {
    const Network& network;
    const TensorFile& checkpoint;
    std::vector<std::string> classNames; ///< in class order; empty when there are none
};

/// What reading an exported file back gave.
struct VerifyReport {
    std::int64_t samples = 0;
    double largestDifference = 0; ///< of any output number to the network's own
    double tolerance = 1e-5;
    bool hasPassed() const { return largestDifference <= tolerance; }
};

/// A file format that trained networks can be written in.
struct ExportFormat {
    const char* name; ///< what `--format` takes
    const char* extension; ///< with the dot
    Text title;
    /// Writes the file whole or not at all. Throws Error when the network has an operation that the
    /// format cannot express, or when the file cannot be written.
    void (*write)(const ExportJob& job, const std::string& path);
    /// Checks the file against the format's rules, reads it back and compares it with the network on
    /// generated samples. Throws Error when the file breaks the rules or cannot be read.
    VerifyReport (*verify)(const ExportJob& job, const std::string& path);
};

/// All formats, in the order of menus and messages.
const std::vector<ExportFormat>& exportFormats();
/// The format of this name. Throws Error that lists the known ones.
const ExportFormat& exportFormat(const std::string& name);

} // namespace weft
