#pragma once

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>
#include <QStringList>

#include "core/base/diagnostic.h"
#include "core/base/text.h"

namespace weft::cli {

/// Cli::tr("…") translates a text of the command line.
class Cli {
    Q_DECLARE_TR_FUNCTIONS(cli)
};

/// The text in the user's language, if a translation is loaded.
QString translated(const Text& text);
/// The message in the user's language, arguments filled in.
QString translated(const Message& message);

/// `text` filled with spaces to `columns` of a terminal, where Chinese characters take two: before the
/// text, or after it when `columns` is negative, as QString::arg does.
QString padded(const QString& text, int columns);
/// The columns that `text` takes in a terminal.
int columnsOf(const QString& text);

/// Columns as wide as their longest cell; numbers, behind the first `texts` columns, stand at the right.
void printTable(const std::vector<QStringList>& rows, int texts);
/// A line to stdout / stderr in UTF-8.
void print(const QString& line);
void printError(const QString& line);
/// The one document of `--json`.
void printJson(const QJsonDocument& document);
/// "error: conv1: …" lines, the worst first.
void printDiagnostics(const std::vector<Diagnostic>& diagnostics);
/// Its code, severity, node, inner and message.
QJsonObject jsonDiagnostic(const Diagnostic& diagnostic);
/// Only the errors of them: what stops a command, without what merely could be better.
void printErrors(const std::vector<Diagnostic>& diagnostics);

} // namespace weft::cli
