weft_test(data_idx_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/data_idx_test.cpp LIBS ZLIB::ZLIB)
weft_test(data_loader_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/data_loader_test.cpp)
weft_test(data_images_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/data_images_test.cpp)
weft_test(data_csv_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/data_csv_test.cpp)
