#pragma once

#include <string>
#include <vector>

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QString>

#include "core/base/error.h"
#include "core/data/dataset.h"

namespace weft::test {

inline void writeFile(const QString& path, const QByteArray& bytes)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

/// The head and elements of an IDX file of unsigned bytes.
inline QByteArray idxBytes(const std::vector<int>& extents, const QByteArray& elements)
{
    QByteArray bytes("\0\0\x08", 3);
    bytes.append(static_cast<char>(extents.size()));
    for (const int extent : extents) {
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes.append(static_cast<char>(extent >> shift & 0xff));
    }
    return bytes + elements;
}

/// The English message of the Error that opening throws; empty when it opens.
inline std::string openingError(const Tree& data, const std::string& baseDir = {})
{
    try {
        openDataset(data, baseDir);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

/// True when `text` says `part`; otherwise prints both.
inline bool says(const std::string& text, const char* part)
{
    if (text.find(part) != std::string::npos)
        return true;
    qWarning("\"%s\" does not say \"%s\"", text.c_str(), part);
    return false;
}

} // namespace weft::test
