#pragma once

#include <cstddef>
#include <map>
#include <memory>

namespace weft {

/// Copies what the next run is fed to a card beside the run at hand: through memory that the card reads by itself, in a stream
/// of its own, to a place of its own, from where the stream of the kernels takes it once they are done with the old.
class Staging {
public:
    /// `compute` is the cudaStream_t of the kernels.
    explicit Staging(void* compute);
    ~Staging();
    Staging(const Staging&) = delete;
    Staging& operator=(const Staging&) = delete;

    /// `from` may change once this returns. False, and nothing is begun, where the memory for it is missing.
    bool begin(void* to, const void* from, std::size_t bytes);
    /// What was begun lies at its place for the kernels that are enqueued from now on.
    void arrive();
    /// Nothing is to come to this place any more.
    void forget(const void* to);

private:
    struct Way;
    void* m_compute;
    void* m_stream = nullptr;
    void* m_taken = nullptr; ///< cudaEvent_t: the kernels' stream has taken what was there
    std::map<const void*, std::unique_ptr<Way>> m_ways; ///< by where they lead
};

} // namespace weft
