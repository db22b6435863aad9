#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weft {

/// How the bytes of a text file stand for characters. Automatic: UTF-8, or GB18030 where the bytes are
/// that and not UTF-8.
enum class TextEncoding { Automatic, Utf8, Gb18030 };

/// The contents of a file as UTF-8, without a mark at the start. Throws Error that names the file and the
/// first line that is damaged or of an unknown encoding. `bytes` as they stand in the file.
std::string decodeText(std::string_view bytes, TextEncoding encoding, const std::string& path);

/// Reads and decodes a whole file. Throws Error when it is missing or cannot be read.
std::string readTextFile(const std::string& path, TextEncoding encoding = TextEncoding::Automatic);

/// The first line (from 1) that is not UTF-8 text (a zero byte is none either); 0 when all is well.
std::int64_t firstLineNotUtf8(std::string_view text);

} // namespace weft
