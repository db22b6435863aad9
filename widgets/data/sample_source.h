#pragma once

#include <set>

#include <QHash>
#include <QJsonObject>
#include <QPixmap>
#include <QTimer>
#include <QVector>

namespace weft {

class WorkerClient;

/// One sample as the worker tells of it.
struct SampleFacts {
    QString name;
    int label = -1;
    QPixmap picture; ///< null for samples that are no images
    QVector<double> values; ///< feature columns
    QString text; ///< of samples that are texts
    /// For a tool tip: the text, or the name.
    const QString& description() const { return text.isEmpty() ? name : text; }
};

/// Samples of one split of a dataset, fetched from the worker as they are looked at.
class SampleSource : public QObject {
    Q_OBJECT

public:
    explicit SampleSource(WorkerClient* worker, QObject* parent = nullptr);

    /// Forgets everything; samples of `data` (a project's data tree as JSON) are fetched from now on.
    void setData(const QJsonObject& data, const QString& baseDir, const QString& split);
    /// The sample if it is here; otherwise it is asked for and `arrived` follows.
    const SampleFacts* find(qint64 index);
    QString split() const { return m_split; }

Q_SIGNALS:
    void arrived(const QVector<qint64>& indices);
    void failed(const QString& message);

private:
    void fetch();
    void take(const QJsonObject& result);

    WorkerClient* m_worker;
    QJsonObject m_data;
    QString m_baseDir;
    QString m_split;
    QHash<qint64, SampleFacts> m_samples;
    QVector<qint64> m_wanted; ///< the latest last
    std::set<qint64> m_underWay;
    QTimer m_timer;
    int m_generation = 0;
};

} // namespace weft
