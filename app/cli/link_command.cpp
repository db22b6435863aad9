#include <QCoreApplication>
#include <QLocale>

#include "app/cli/arguments.h"
#include "app/cli/link_measuring.h"
#include "app/cli/measuring_ranks.h"
#include "app/cli/output.h"
#include "core/base/error.h"
#include "core/device/collectives.h"
#include "core/training/distributed/link_measurement.h"

namespace weft::cli {

namespace {

void tell(const ScalingLink& link, bool asJson)
{
    if (asJson)
        return print(QString::fromStdString(linkText(link)));
    constexpr double gigabits = 8e-9;
    print(Cli::tr("Between %1 ranks: %2 Gbit/s each way, in both directions at once; %3 µs a message.")
              .arg(link.measuredRanks)
              .arg(link.bytesPerSecond * gigabits, 0, 'g', 3)
              .arg(link.latencySeconds * 1e6, 0, 'f', 0));
}

int runLink(const Arguments& arguments)
{
    if (isRank())
        return measureAsRank([&](Collectives& ranks) {
            const ScalingLink link = measureLink(ranks);
            if (ranks.rank() == 0)
                tell(link, arguments.has("json"));
        });
    if (arguments.has("target") && (arguments.has("ranks") || arguments.has("hosts")))
        throw UsageError(Cli::tr("A target has ranks and hosts of its own: leave --ranks and --hosts out.").toStdString());
    const int ranks = static_cast<int>(arguments.integer("ranks", 2, mostRanks).value_or(2));
    tell(arguments.has("target") ? measuredOnTarget(arguments.value("target")) : measuredHere(ranks, arguments.value("hosts")), arguments.has("json"));
    return done;
}

} // namespace

Command linkCommand()
{
    return {"link",
            "",
            0,
            0,
            WEFT_TEXT("cli",
                      "Measures the link between ranks by sums like those of a training: of this machine, of a target's hosts, or of those that mpirun "
                      "or srun started it on."),
            {{"ranks", "N", WEFT_TEXT("cli", "So many processes; 2 is the default.")},
             {"hosts", "FILE", WEFT_TEXT("cli", "The hosts to start them on, a line HOST slots=N each.")},
             {"target", "NAME", WEFT_TEXT("cli", "One process on each host of a target of weft target list.")},
             {"json", "", WEFT_TEXT("cli", "Prints one JSON document.")}},
            runLink};
}

} // namespace weft::cli
