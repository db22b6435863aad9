#pragma once

#include <QFrame>
#include <QJsonArray>

class QGridLayout;

namespace weft {

/// What a forecast of the worker says of a device in a few words, and in sentences.
struct ForecastText {
    QString brief; ///< "11 s an epoch · 25.4 MB"
    QString details;
    bool isProblem = false; ///< the memory does not suffice, or the device cannot be used
};
ForecastText forecastText(const QJsonObject& forecast);

/// The forecasts of all devices of this machine, a row each; why one cannot be used or has no room stands below it.
class ForecastTable : public QFrame {
    Q_OBJECT

public:
    explicit ForecastTable(QWidget* parent = nullptr);

    /// As the worker sent them.
    void setDevices(const QJsonArray& devices);

private:
    void addRow(const QStringList& cells, const char* role);
    void addSentence(const QString& text, const char* role);

    QWidget* m_body = nullptr;
    QGridLayout* m_grid = nullptr;
    int m_rows = 0;
};

} // namespace weft
