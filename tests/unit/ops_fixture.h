#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <QtGlobal>

#include "core/base/error.h"
#include "core/engine/session.h"
#include "core/graph/graph.h"

/// A graph on the reference device with numbers for its inputs and variables, to try ops on.
class OpBench {
public:
    weft::Graph graph;
    weft::StepState state{7, 1, nullptr};

    /// An input that is fed `values`, given row by row.
    weft::Value input(const weft::Shape& shape, const std::vector<double>& values, weft::DType dtype = weft::DType::Float32)
    {
        m_feeds.push_back(asBytes(values, dtype));
        return graph.input("x" + std::to_string(m_feeds.size()), {dtype, shape});
    }

    weft::Value variable(const std::string& name, const weft::Shape& shape, const std::vector<double>& values)
    {
        const weft::Value value = graph.variable(name, weft::Role::Parameter, {weft::DType::Float32, shape}, {});
        m_variables.emplace_back(name, asBytes(values, weft::DType::Float32));
        return value;
    }

    /// Replaces what input number `index` is fed.
    void feed(std::size_t index, const std::vector<double>& values) { m_feeds[index] = asBytes(values, graph.inputs()[index].dtype()); }

    std::vector<double> values(const weft::Value& value, std::int64_t n = 1) { return values(std::vector<weft::Value>{value}, n)[0]; }

    /// The numbers of `fetches` for a batch of `n`, all from one run.
    std::vector<std::vector<double>> values(const std::vector<weft::Value>& fetches, std::int64_t n = 1, bool withEffects = false)
    {
        weft::Session& session = openSession();
        return run(session, session.plan(graph, {n, 1, fetches, withEffects}), fetches, n);
    }

    /// The same of a plan of another session.
    std::vector<std::vector<double>> run(weft::Session& session, weft::Plan& plan, const std::vector<weft::Value>& fetches, std::int64_t n) const
    {
        std::vector<std::vector<std::byte>> results;
        std::vector<void*> pointers;
        for (const weft::Value& value : fetches)
            results.emplace_back(static_cast<std::size_t>(weft::elementCount(value.shape().at(n))) * weft::sizeOf(value.dtype()));
        for (auto& result : results)
            pointers.push_back(result.data());
        std::vector<const void*> feeds;
        for (const auto& feed : m_feeds)
            feeds.push_back(feed.data());
        session.run(plan, feeds, pointers, state);
        std::vector<std::vector<double>> numbers;
        for (std::size_t i = 0; i < fetches.size(); ++i)
            numbers.push_back(fromBytes(results[i], fetches[i].dtype()));
        return numbers;
    }

    /// Runs the ops that overwrite variables.
    void step() { values(std::vector<weft::Value>{}, 1, true); }

    std::vector<double> contents(const std::string& variable)
    {
        weft::Session& session = openSession();
        const weft::TensorType& type = session.variableType(variable);
        std::vector<std::byte> bytes(static_cast<std::size_t>(weft::elementCount(type.shape.at(1))) * weft::sizeOf(type.dtype));
        session.readVariable(variable, bytes);
        return fromBytes(bytes, type.dtype);
    }

private:
    weft::Session& openSession()
    {
        if (!m_session) {
            weft::SessionOptions options;
            options.device = weft::DeviceKind::Reference;
            options.threads = 1;
            m_session = std::make_unique<weft::Session>(options);
        }
        m_session->addVariables(graph);
        for (const auto& [name, bytes] : std::exchange(m_variables, {}))
            m_session->writeVariable(name, bytes);
        return *m_session;
    }

    template <class T> static std::vector<std::byte> packed(const std::vector<double>& values)
    {
        std::vector<std::byte> bytes(values.size() * sizeof(T));
        for (std::size_t i = 0; i < values.size(); ++i) {
            const T value = static_cast<T>(values[i]);
            std::memcpy(bytes.data() + i * sizeof(T), &value, sizeof(T));
        }
        return bytes;
    }

    template <class T> static std::vector<double> unpacked(const std::vector<std::byte>& bytes)
    {
        std::vector<double> values(bytes.size() / sizeof(T));
        for (std::size_t i = 0; i < values.size(); ++i) {
            T value;
            std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
            values[i] = static_cast<double>(value);
        }
        return values;
    }

    static std::vector<std::byte> asBytes(const std::vector<double>& values, weft::DType dtype)
    {
        switch (dtype) {
        case weft::DType::Float64: return packed<double>(values);
        case weft::DType::Int32: return packed<std::int32_t>(values);
        case weft::DType::UInt8: return packed<std::uint8_t>(values);
        default: return packed<float>(values);
        }
    }

    static std::vector<double> fromBytes(const std::vector<std::byte>& bytes, weft::DType dtype)
    {
        switch (dtype) {
        case weft::DType::Float64: return unpacked<double>(bytes);
        case weft::DType::Int32: return unpacked<std::int32_t>(bytes);
        case weft::DType::UInt8: return unpacked<std::uint8_t>(bytes);
        default: return unpacked<float>(bytes);
        }
    }

    std::deque<std::vector<std::byte>> m_feeds;
    std::vector<std::pair<std::string, std::vector<std::byte>>> m_variables;
    std::unique_ptr<weft::Session> m_session;
};

using Numbers = std::vector<double>;

/// Whether two lists of numbers agree to `tolerance`; on failure QCOMPARE-like text goes to the log.
inline bool agree(const Numbers& actual, const Numbers& expected, double tolerance = 1e-6)
{
    bool isEqual = actual.size() == expected.size();
    for (std::size_t i = 0; isEqual && i < actual.size(); ++i) {
        const bool bothNan = actual[i] != actual[i] && expected[i] != expected[i];
        isEqual = bothNan || std::abs(actual[i] - expected[i]) <= tolerance * std::max(1.0, std::abs(expected[i]));
    }
    if (!isEqual) {
        const auto listed = [](const Numbers& numbers) {
            std::string text;
            for (const double number : numbers)
                text += std::to_string(number) + " ";
            return text;
        };
        qWarning("actual   %s\nexpected %s", listed(actual).c_str(), listed(expected).c_str());
    }
    return isEqual;
}

/// The message of the Error that `build` throws, or an empty string.
template <class Build> std::string errorOf(Build build)
{
    try {
        build();
    } catch (const weft::Error& error) {
        return error.what();
    }
    return {};
}
