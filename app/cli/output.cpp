#include "app/cli/output.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>

namespace weft::cli {

QString translated(const Text& text)
{
    return QCoreApplication::translate(text.context, text.source);
}

QString translated(const Message& message)
{
    return QString::fromStdString(substitute(translated(message.text).toStdString(), message.args));
}

int columnsOf(const QString& text)
{
    // The blocks of Unicode's East Asian Width "wide" within the basic plane.
    const auto isWide = [](QChar c) {
        const char16_t code = c.unicode();
        return (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3)
            || (code >= 0xf900 && code <= 0xfaff) || (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60);
    };
    return static_cast<int>(text.size() + std::count_if(text.begin(), text.end(), isWide));
}

QString padded(const QString& text, int columns)
{
    const QString gap(std::max(0, std::abs(columns) - columnsOf(text)), QLatin1Char(' '));
    return columns < 0 ? text + gap : gap + text;
}

void printTable(const std::vector<QStringList>& rows, int texts)
{
    std::vector<int> widths(static_cast<std::size_t>(rows[0].size()), 0);
    for (const QStringList& row : rows) {
        for (qsizetype i = 0; i < row.size(); ++i)
            widths[static_cast<std::size_t>(i)] = std::max(widths[static_cast<std::size_t>(i)], columnsOf(row[i]));
    }
    for (const QStringList& row : rows) {
        QString line;
        for (qsizetype i = 0; i < row.size(); ++i) {
            const int width = widths[static_cast<std::size_t>(i)];
            line += padded(row[i], i < texts ? -width : width) + QStringLiteral("  ");
        }
        print(line.trimmed());
    }
}

void print(const QString& line)
{
    std::printf("%s\n", line.toUtf8().constData());
}

void printError(const QString& line)
{
    std::fflush(stdout);
    std::fprintf(stderr, "%s\n", line.toUtf8().constData());
}

void printJson(const QJsonDocument& document)
{
    std::fputs(document.toJson(QJsonDocument::Indented).constData(), stdout);
}

void printDiagnostics(const std::vector<Diagnostic>& diagnostics)
{
    std::vector<Diagnostic> sorted = diagnostics;
    std::stable_sort(sorted.begin(), sorted.end(), [](const Diagnostic& a, const Diagnostic& b) { return a.severity > b.severity; });
    for (const Diagnostic& diagnostic : sorted) {
        const QString severity = diagnostic.severity == Severity::Error ? Cli::tr("error")
            : diagnostic.severity == Severity::Warning                  ? Cli::tr("warning")
                                                                        : Cli::tr("hint");
        const std::string inner = diagnostic.inner.empty() ? "" : "/" + diagnostic.inner;
        const QString place = diagnostic.node.empty() ? QString() : QString::fromStdString(diagnostic.node + inner) + QStringLiteral(": ");
        printError(severity + QStringLiteral(": ") + place + translated(diagnostic.message));
    }
}

QJsonObject jsonDiagnostic(const Diagnostic& diagnostic)
{
    const char* severity = diagnostic.severity == Severity::Error ? "error" : diagnostic.severity == Severity::Warning ? "warning" : "hint";
    return {{QStringLiteral("code"), QString::fromStdString(diagnostic.code)},
            {QStringLiteral("severity"), QLatin1String(severity)},
            {QStringLiteral("node"), QString::fromStdString(diagnostic.node)},
            {QStringLiteral("inner"), QString::fromStdString(diagnostic.inner)},
            {QStringLiteral("message"), translated(diagnostic.message)}};
}

void printErrors(const std::vector<Diagnostic>& diagnostics)
{
    std::vector<Diagnostic> errors;
    std::copy_if(diagnostics.begin(), diagnostics.end(), std::back_inserter(errors),
                 [](const Diagnostic& d) { return d.severity == Severity::Error; });
    printDiagnostics(errors);
}

} // namespace weft::cli
