weft_test(network_edits_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/network_edits_test.cpp)
weft_test(network_analysis_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/network_analysis_test.cpp)
weft_test(network_lowering_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/network_lowering_test.cpp)
weft_test(network_blocks_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/network_blocks_test.cpp)
