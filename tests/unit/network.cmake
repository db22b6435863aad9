weft_test(network_edits_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/network_edits_test.cpp)
