#pragma once

#include <vector>

#include <QImage>
#include <QJsonObject>
#include <QString>
#include <QVector>

class QPainter;

namespace weft {

/// A tensor as the worker tells of it, ready to be painted: as a picture, as feature maps, as a curve or as numbers,
/// always with the histogram of its values.
class TensorPicture {
public:
    /// `isData`: one or three maps are a picture rather than features.
    TensorPicture(const QJsonObject& tensor, bool isData);

    enum class Kind { Picture, Maps, Curve, Numbers };
    Kind kind() const { return m_kind; }
    /// "1×28×28 · float32 · 3.1 kB".
    const QString& facts() const { return m_facts; }
    /// "mean 0.12 · deviation 0.33 · 41 % zeros".
    const QString& statistics() const { return m_statistics; }
    /// "test sample 1 · untrained weights".
    const QString& source() const { return m_source; }
    /// Why the weights of the run are not shown, or that values are not finite; empty when all is well.
    const QString& warning() const { return m_warning; }
    const std::vector<QImage>& images() const { return m_images; }
    const QVector<float>& values() const { return m_values; }
    /// How high the body is at this width; without texts.
    int bodyHeight(int width) const;
    void paintBody(QPainter* painter, const QRect& rect) const;

private:
    void readMaps(const QJsonObject& maps, bool isData);
    void paintImages(QPainter* painter, const QRect& rect) const;
    void paintCurve(QPainter* painter, const QRect& rect) const;
    void paintHistogram(QPainter* painter, const QRect& rect) const;
    int columns() const;

    Kind m_kind = Kind::Numbers;
    QString m_facts;
    QString m_statistics;
    QString m_source;
    QString m_warning;
    QString m_caption; ///< "16 of 50 maps"
    std::vector<QImage> m_images;
    QVector<float> m_values;
    QVector<double> m_histogram; ///< shares of the largest
    double m_low = 0;
    double m_high = 0;
};

} // namespace weft
