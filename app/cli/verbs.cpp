#include "app/cli/verbs.h"

#include <QCoreApplication>

#include "app/cli/output.h"

namespace weft::cli {

int runVerb(const Arguments& arguments, std::span<const Verb> verbs, const QString& unknown)
{
    const std::size_t count = arguments.positional().size();
    for (const Verb& verb : verbs) {
        if (arguments.at(0) != verb.name)
            continue;
        if (count < verb.minimum || count > verb.maximum)
            throw UsageError(Cli::tr("It is used so: %1.").arg(QString::fromUtf8(verb.usage)).toStdString());
        return verb.run(arguments);
    }
    throw UsageError(unknown.toStdString());
}

} // namespace weft::cli
