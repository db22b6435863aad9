#pragma once

#include <functional>
#include <memory>
#include <string>

#include <QJsonObject>
#include <QString>

namespace weft::cli {

/// Told how far a request is, from 0 to 1; returns false when it was cancelled.
using WorkProgress = std::function<bool(double fraction)>;

/// Told what is known of an answer before it is whole.
using WorkNews = std::function<void(const QJsonObject& known)>;

/// The methods of `weft worker`: data sets and trained networks, kept open between requests. Used by one
/// thread. Throws Error with a sentence for the user.
class WorkerService {
public:
    /// `device`: as for `--device`.
    explicit WorkerService(std::string device);
    ~WorkerService();

    QJsonObject answer(const QString& method, const QJsonObject& params, const WorkProgress& progress, const WorkNews& news);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace weft::cli
