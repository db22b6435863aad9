#include <algorithm>

#include <QLocale>

#include "core/base/error.h"
#include "widgets/run_controller_private.h"

// What the events of the shown run make of its state, and what the progress line says about it.

namespace weft {

namespace {

QString durationText(double seconds)
{
    const qint64 whole = std::max<qint64>(0, qRound64(seconds));
    if (whole < 100)
        return RunController::tr("%1 s").arg(whole);
    if (whole < 5400)
        return RunController::tr("%1 min").arg((whole + 30) / 60);
    return RunController::tr("%1 h %2 min").arg(whole / 3600).arg(whole / 60 % 60);
}

} // namespace

QString RunController::Private::ownText() const
{
    switch (state) {
    case State::Idle: return {};
    case State::Starting: return jobText.isEmpty() ? tr("starting") : tr("the job %1").arg(jobText);
    case State::Paused: return tr("paused · %1").arg(epochText());
    case State::Stopping: return tr("stopping · %1").arg(epochText());
    case State::Finished: return wasStopped ? tr("stopped · %1").arg(epochText()) : tr("finished · %1").arg(epochText());
    case State::Failed: return step > 0 ? tr("failed · %1").arg(epochText()) : tr("failed");
    case State::Running: break;
    }
    QString text = epochText();
    if (secondsPerSample <= 0)
        return text;
    text += tr(" · %1 samples/s").arg(QLocale().toString(qRound64(1 / secondsPerSample)));
    const qint64 stepsLeft = facts.epochs * facts.stepsPerEpoch - step;
    if (stepsLeft > 0 && facts.batchSize > 0)
        text += tr(" · %1 left").arg(durationText(static_cast<double>(stepsLeft * facts.batchSize) * secondsPerSample));
    return text;
}

void RunController::Private::forgetRun()
{
    feed.reset();
    said = State::Idle;
    isAlive = wasAlive = isStopping = wasStopped = false;
    failure.clear();
    jobText.clear();
    hasToldTrouble = false;
    facts = {};
    step = 0;
    secondsPerSample = 0;
    isFirstRate = true;
}

/// The first batches of a process also warm it up: their rate counts only until the second is there.
void RunController::Private::takeRate(double samplesPerSecond)
{
    constexpr double past = 0.9;
    if (samplesPerSecond <= 0)
        return;
    const bool startsAnew = secondsPerSample <= 0 || isFirstRate;
    isFirstRate = secondsPerSample <= 0;
    secondsPerSample = startsAnew ? 1 / samplesPerSecond : past * secondsPerSample + (1 - past) / samplesPerSecond;
}

void RunController::Private::take(const QJsonObject& event)
{
    const QString kind = event.value(QStringLiteral("event")).toString();
    if (event.contains(QStringLiteral("step")))
        step = event.value(QStringLiteral("step")).toInteger();
    if (kind == QLatin1String("batch")) {
        takeRate(event.value(QStringLiteral("samples_per_second")).toDouble());
    } else if (kind == QLatin1String("started")) {
        facts = runFacts(event, dir);
        said = State::Running;
        secondsPerSample = 0;
        isStopping = wasStopped = false;
    } else if (kind == QLatin1String("paused")) {
        said = State::Paused;
    } else if (kind == QLatin1String("resumed")) {
        said = State::Running;
    } else if (kind == QLatin1String("finished") || kind == QLatin1String("stopped")) {
        said = State::Finished;
        wasStopped = kind == QLatin1String("stopped");
    } else if (kind == QLatin1String("failed")) {
        said = State::Failed;
        failure = event.value(QStringLiteral("message")).toString();
    } else if (kind == QLatin1String("control") && !event.value(QStringLiteral("accepted")).toBool(true) && isAlive) {
        isStopping = false;
        Q_EMIT self->failed(event.value(QStringLiteral("reason")).toString());
    }
}

void RunController::Private::takePortion(const EventList& events)
{
    const State before = said;
    for (const QJsonObject& event : events) {
        take(event);
        Q_EMIT self->eventRead(event);
    }
    settle();
    const bool isNews = wasAlive || isStartingShown() || dir == untold;
    if (dir == untold && (said == State::Failed || said == State::Finished))
        untold.clear();
    if (said == State::Failed && before != State::Failed && isNews)
        Q_EMIT self->failed(failure);
    Q_EMIT self->progressChanged();
}

void RunController::Private::takeAlive(bool alive)
{
    isAlive = alive;
    wasAlive = wasAlive || alive;
    const bool hasEnded = said == State::Finished || said == State::Failed;
    if (!alive && !hasEnded && isShownUnfollowed()) {
        setState(said == State::Idle ? State::Starting : said);
        tellTrouble();
        keeper->look();
        return;
    }
    if (!alive && !hasEnded && !isStartingShown()) {
        if (wasAlive)
            reportDeath();
        else
            setState(State::Failed);
        return;
    }
    settle();
}

/// Brings the state in line with what events and lock tell.
void RunController::Private::settle()
{
    if (said == State::Finished || said == State::Failed)
        setState(said);
    else if (isAlive || (isStartingShown() && said != State::Idle))
        setState(isStopping && said != State::Idle ? State::Stopping : said == State::Idle ? State::Starting : said);
}

void RunController::Private::reportDeath()
{
    setState(State::Failed);
    const QString log = lastLines(dir + QStringLiteral("/train.log"), 3);
    Q_EMIT self->failed(log.isEmpty()
                            ? RunController::tr("Training ended unexpectedly. It can be continued with: weft train --resume --run-dir %1").arg(dir)
                            : RunController::tr("Training ended unexpectedly: %1").arg(log));
}

qint64 RunController::Private::epochNow() const
{
    if (facts.stepsPerEpoch <= 0)
        return 1;
    const qint64 epoch = (std::max<qint64>(step, 1) - 1) / facts.stepsPerEpoch + 1;
    return facts.epochs > 0 ? std::min(epoch, facts.epochs) : epoch;
}

QString RunController::Private::epochText() const
{
    return RunController::tr("epoch %1 of %2").arg(epochNow()).arg(facts.epochs);
}

} // namespace weft
