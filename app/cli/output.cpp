#include "app/cli/output.h"

#include <algorithm>
#include <cstdio>
#include <iterator>

#include <QCoreApplication>

namespace weft::cli {

QString translated(const Text& text)
{
    return QCoreApplication::translate(text.context, text.source);
}

QString translated(const Message& message)
{
    return QString::fromStdString(substitute(translated(message.text).toStdString(), message.args));
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
        const QString severity = diagnostic.severity == Severity::Error ? QCoreApplication::translate("cli", "error")
            : diagnostic.severity == Severity::Warning                  ? QCoreApplication::translate("cli", "warning")
                                                                        : QCoreApplication::translate("cli", "hint");
        const QString place = diagnostic.node.empty() ? QString() : QString::fromStdString(diagnostic.node) + QStringLiteral(": ");
        printError(severity + QStringLiteral(": ") + place + translated(diagnostic.message));
    }
}

void printErrors(const std::vector<Diagnostic>& diagnostics)
{
    std::vector<Diagnostic> errors;
    std::copy_if(diagnostics.begin(), diagnostics.end(), std::back_inserter(errors),
                 [](const Diagnostic& d) { return d.severity == Severity::Error; });
    printDiagnostics(errors);
}

} // namespace weft::cli
