# Comparisons with independent programs. A missing peer is reported as not run (exit code 77).
set(interop ${CMAKE_CURRENT_LIST_DIR})
function(weft_peer_test name label)
  add_test(NAME ${name} COMMAND ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS ${label} SKIP_RETURN_CODE 77 TIMEOUT 600 RUN_SERIAL ON
    ENVIRONMENT "WEFT_PROGRAM=${CMAKE_BINARY_DIR}/bin/weft")
endfunction()

weft_peer_test(onnx_runtime interop ${interop}/with_peers ${interop}/onnx_runtime.py)
weft_peer_test(onnx_runtime_texts interop ${interop}/with_peers ${interop}/onnx_runtime_texts.py)
weft_peer_test(torch_parity peers /usr/bin/python3 ${interop}/torch_parity.py)
weft_peer_test(torch_gradients peers /usr/bin/python3 ${interop}/torch_gradients.py)
weft_peer_test(torch_training peers /usr/bin/python3 ${interop}/torch_training.py)
weft_peer_test(random_networks peers /usr/bin/python3 ${interop}/random_networks.py)
weft_peer_test(text_parity peers /usr/bin/python3 ${interop}/text_parity.py)
weft_peer_test(sports_or_art peers /usr/bin/python3 ${interop}/sports_or_art.py)
# Ratios are reported, not asserted, and the whole table takes half an hour: run it by hand.
weft_peer_test(torch_speed bench /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/bench/run --quick)
