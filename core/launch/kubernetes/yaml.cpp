#include "core/launch/kubernetes/yaml.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <QString>
#include <QStringDecoder>

#include "core/base/error.h"
#include "core/project/json.h"

namespace weft {

namespace {

/// Words that YAML 1.1 reads as something else than a text.
constexpr std::array reserved{"y", "n", "yes", "no", "on", "off", "true", "false", "null"};

bool isPlainKey(const std::string& key)
{
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const QString lower = QString::fromStdString(key).toLower();
    return !key.empty() && std::all_of(key.begin(), key.end(), isLetter)
        && std::none_of(reserved.begin(), reserved.end(), [&](const char* word) { return lower == QLatin1String(word); });
}

void checkUtf8(const std::string& text)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString decoded = decoder(QByteArrayView(text.data(), static_cast<qsizetype>(text.size())));
    if (decoder.hasError())
        throw Error(WEFT_TEXT("Launch", "A text for the cluster is no UTF-8: \"%1\"."), decoded.toStdString());
}

/// JSON's escapes are YAML's, which also wants those characters escaped that it counts as line ends or as not printable.
std::string quoted(const std::string& text)
{
    QString out;
    const QString json = QString::fromStdString(jsonText(text));
    for (const QChar c : json) {
        const char16_t code = c.unicode();
        const bool isOdd = (code >= 0x7f && code <= 0xa0) || code == 0x2028 || code == 0x2029 || code == 0xfeff || code == 0xfffe || code == 0xffff;
        out += isOdd ? QStringLiteral("\\u%1").arg(code, 4, 16, QLatin1Char('0')) : QString(c);
    }
    return out.toStdString();
}

/// Several lines of printable ASCII, none of them only spaces, the last one ended.
bool fitsBlock(const std::string& text)
{
    const bool isPrintable = std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); });
    if (!isPrintable || text.size() < 2 || text.back() != '\n' || text.find('\n') + 1 == text.size())
        return false;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = text.find('\n', begin);
        if (end == begin || text[end - 1] == ' ')
            return false;
        begin = end + 1;
    }
    return true;
}

class YamlWriter {
public:
    std::string take() { return std::move(m_out); }

    /// Behind a key or dash on the line: a scalar there, a list or map below.
    void value(const Tree& tree, int indent, bool isBehindDash)
    {
        if (tree.isMap() && !tree.map().empty()) {
            map(tree.map(), indent, isBehindDash);
        } else if (tree.isList() && !tree.list().empty()) {
            m_out += '\n';
            for (const Tree& item : tree.list()) {
                m_out += std::string(static_cast<std::size_t>(indent), ' ') + "-";
                value(item, indent + 2, true);
            }
        } else {
            m_out += " " + scalar(tree, indent) + "\n";
        }
    }

    void map(const Tree::Map& entries, int indent, bool isBehindDash)
    {
        std::string lead = isBehindDash ? " " : "\n" + std::string(static_cast<std::size_t>(indent), ' ');
        if (!isBehindDash && (m_out.empty() || m_out.back() == '\n'))
            lead.erase(0, 1);
        for (const auto& [key, entry] : entries) {
            m_out += lead + (isPlainKey(key) ? key : checkedText(key)) + ":";
            value(entry, indent + 2, false);
            lead = std::string(static_cast<std::size_t>(indent), ' ');
        }
    }

private:
    static std::string checkedText(const std::string& text)
    {
        checkUtf8(text);
        return quoted(text);
    }

    std::string scalar(const Tree& tree, int indent)
    {
        if (tree.isText())
            return fitsBlock(tree.text()) ? block(tree.text(), indent) : checkedText(tree.text());
        if (tree.isMap() || tree.isList())
            return tree.isMap() ? "{}" : "[]";
        return jsonLine(tree);
    }

    static std::string block(const std::string& text, int indent)
    {
        // The number says how far the block is set in, so that its own leading spaces stay its own.
        std::string out = "|2";
        for (std::size_t begin = 0; begin < text.size();) {
            const std::size_t end = text.find('\n', begin);
            out += "\n" + std::string(static_cast<std::size_t>(indent), ' ') + text.substr(begin, end - begin);
            begin = end + 1;
        }
        return out;
    }

    std::string m_out;
};

} // namespace

std::string yamlDocuments(const std::vector<Tree>& objects)
{
    std::string text;
    for (const Tree& object : objects) {
        YamlWriter writer;
        writer.map(object.map(), 0, false);
        text += (text.empty() ? "" : "---\n") + writer.take();
    }
    return text;
}

} // namespace weft
