#pragma once

#include <QString>

#include "core/base/error.h"
#include "core/device/device.h"

/// Why there is no card, or nothing.
inline QString cardProblem()
{
    try {
        weft::openDevice(weft::DeviceKind::Cuda);
        return {};
    } catch (const weft::Error& error) {
        return QString::fromUtf8(error.what());
    }
}
