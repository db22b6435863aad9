weft_test(data_idx_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/data_idx_test.cpp LIBS ZLIB::ZLIB)
weft_test(data_loader_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/data_loader_test.cpp)
