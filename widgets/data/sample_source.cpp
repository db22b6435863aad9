#include "widgets/data/sample_source.h"

#include <QJsonArray>

#include "widgets/worker_client.h"

namespace weft {

namespace {

constexpr int gatherMs = 15; ///< requests of one repaint go together
constexpr int atOnce = 64;
constexpr qsizetype mostWanted = 512;
constexpr int thumbnailSide = 64;
constexpr qsizetype keptSamples = 20000;

} // namespace

SampleSource::SampleSource(WorkerClient* worker, QObject* parent) : QObject(parent), m_worker(worker)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(gatherMs);
    connect(&m_timer, &QTimer::timeout, this, &SampleSource::fetch);
}

void SampleSource::setData(const QJsonObject& data, const QString& baseDir, const QString& split)
{
    m_data = data;
    m_baseDir = baseDir;
    m_split = split;
    m_samples.clear();
    m_wanted.clear();
    m_underWay.clear();
    ++m_generation;
}

const SampleFacts* SampleSource::find(qint64 index)
{
    const auto found = m_samples.constFind(index);
    if (found != m_samples.constEnd())
        return &found.value();
    if (m_data.isEmpty() || m_underWay.contains(index) || m_wanted.contains(index))
        return nullptr;
    // After fast scrolling only what is looked at now is needed.
    if (m_wanted.size() >= mostWanted)
        m_wanted.removeFirst();
    m_wanted.append(index);
    if (!m_timer.isActive())
        m_timer.start();
    return nullptr;
}

void SampleSource::fetch()
{
    QJsonArray indices;
    while (!m_wanted.isEmpty() && indices.size() < atOnce) {
        const qint64 index = m_wanted.takeLast();
        m_underWay.insert(index);
        indices.append(index);
    }
    if (indices.isEmpty())
        return;
    const QJsonObject params{{QStringLiteral("data"), m_data},
                             {QStringLiteral("baseDir"), m_baseDir},
                             {QStringLiteral("split"), m_split},
                             {QStringLiteral("indices"), indices},
                             {QStringLiteral("thumbnail"), thumbnailSide}};
    m_worker->request(QStringLiteral("dataset.samples"), params, this,
                      [this, generation = m_generation](const QJsonObject& result, const QString& error) {
                          if (generation != m_generation)
                              return;
                          if (error.isEmpty())
                              take(result);
                          else
                              Q_EMIT failed(error);
                          if (!m_wanted.isEmpty())
                              m_timer.start();
                      });
}

void SampleSource::take(const QJsonObject& result)
{
    if (m_samples.size() > keptSamples)
        m_samples.clear();
    QVector<qint64> indices;
    for (const QJsonValue& value : result.value(QStringLiteral("samples")).toArray()) {
        const QJsonObject sample = value.toObject();
        const qint64 index = sample.value(QStringLiteral("index")).toInteger();
        SampleFacts facts;
        facts.name = sample.value(QStringLiteral("name")).toString();
        facts.label = sample.value(QStringLiteral("label")).toInt(-1);
        facts.picture.loadFromData(QByteArray::fromBase64(sample.value(QStringLiteral("png")).toString().toLatin1()));
        for (const QJsonValue& number : sample.value(QStringLiteral("values")).toArray())
            facts.values.append(number.toDouble());
        facts.text = sample.value(QStringLiteral("text")).toString();
        m_samples.insert(index, facts);
        m_underWay.erase(index);
        indices.append(index);
    }
    Q_EMIT arrived(indices);
}

} // namespace weft
