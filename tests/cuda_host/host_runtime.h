#pragma once

#include <cstddef>

#include <cuda_runtime.h>

// What the files of the stand-in for CUDA's runtime share. The environment says what its driver and its cards are like:
//
//   WEFT_TEST_DRIVER            the CUDA that the driver knows, 12040 for 12.4 (0: there is no driver)
//   WEFT_TEST_OLD_CARDS         cards below this number are Voltas
//   WEFT_TEST_WITHOUT_BFLOAT16  cards are Turings
//   WEFT_TEST_BAD_CARD          the card of this number cannot be used
//   WEFT_TEST_CARD_MEMORY       MB of each card
//   WEFT_TEST_CARD_LOST_AT      when kernels are waited for so many times the card is lost, or says …
//   WEFT_TEST_CARD_FAULT        … this
//   WEFT_TEST_READS_HOST        cards read pageable memory of the host themselves, as late as they may

namespace weft {

inline constexpr int hostCards = 4;

/// What is made and destroyed by calls of CUDA and its libraries.
enum class HostThing { Stream, Event, Graph, Executable, Capture, CardMemory, PinnedMemory, Blas, BlasDescriptor, count };

/// How many there are: who destroys all that it made leaves none.
std::size_t aliveOnHost(HostThing kind);

void isBorn(HostThing kind, const void* thing);
bool isAlive(HostThing kind, const void* thing);
/// False where there is none.
bool dies(HostThing kind, const void* thing);

/// The number in an environment variable.
int numberIn(const char* variable, int otherwise);

/// What a call answers; a fault stays until cudaGetLastError asks for it.
cudaError_t answer(cudaError_t code);

/// The card of this thread.
int cardAtHand();

/// The fault after which this process can use a card no more, cudaSuccess before.
cudaError_t lossOf(int card);
void lose(int card, cudaError_t fault);

/// Whether this card reads pageable memory of the host only when it gets to it.
bool readsHost();

/// How many times the host has waited for kernels.
int waitsOnHost();

/// Bytes of a card.
std::size_t memoryOfCard();

} // namespace weft
