#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/data/data_settings.h"
#include "core/data/dataset.h"

namespace weft {

/// A text with its class, and what the user calls it: "sports 17", "row 5".
struct LabelledText {
    std::string text;
    std::string label;
    std::string name;
};

/// The texts of a file: fortunes between lines that hold only "%", else one text a line. Blank ones are left
/// out. Without attributions, lines that begin with "--" and those that are coloured as a whole (as titles
/// and authors are) are left out of fortunes. Throws Error when the file is missing, damaged or has no text.
std::vector<std::string> textsInFile(const std::string& path, TextEncoding encoding, bool withAttributions);

/// All texts that the settings name: a table, or a folder with one file a class. Throws Error that says
/// what, where and what to do.
std::vector<LabelledText> readTexts(const DataSettings& settings, const DataProgress& progress);

/// The texts of another file, to be told apart by a trained network: the text column of a table, or those of
/// `textsInFile`. Column, encoding and attributions are those of `settings`.
std::vector<std::string> unlabelledTexts(const std::string& path, const DataSettings& settings);

/// What the settings name is a table: a file that ends in csv or tsv.
bool isTable(const std::string& path);

/// The files of a folder that may hold texts, by name, without tables of contents of fortunes (*.dat) and
/// second names of files (links).
std::vector<std::string> textFilesIn(const std::string& folder);

/// True when a table has a column of whole sentences and hardly any numbers.
bool isTableOfTexts(const std::string& path);
/// True when the project's `data` name texts.
bool readsTexts(const Tree& data);
/// True when a folder holds texts in at least two files.
bool isFolderOfTexts(const std::string& path);

} // namespace weft
