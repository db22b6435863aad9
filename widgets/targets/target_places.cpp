#include "widgets/targets/target_places.h"

#include "core/base/error.h"
#include "core/launch/target_store.h"
#include "widgets/targets/target_form.h"
#include "widgets/text.h"

namespace weft {

TrainingPlaces targetPlaces()
{
    TrainingPlaces places;
    try {
        for (const Target& target : TargetStore().all()) {
            // This machine as it is stands above them.
            if (target == Target{"local", TargetKind::Local, {}})
                continue;
            const QString name = QString::fromStdString(target.name);
            const QString device = target.kind == TargetKind::Local ? QStringLiteral("cpu") : QString();
            const qint64 ranks = target.kind == TargetKind::Local ? 0 : rankCount(target);
            places.push_back(
                {QStringLiteral("target:") + name, name, targetKindText(target.kind), {}, {QStringLiteral("--target"), name}, device, ranks});
        }
    } catch (const Error& error) {
        places = {{QStringLiteral("targets"), TargetForm::tr("Targets"), {}, translated(error.message()), {}, {}}};
    }
    return places;
}

} // namespace weft
