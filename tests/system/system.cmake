# Tests of the running system that take minutes: scripts/test --all.
add_test(NAME templates_train COMMAND /usr/bin/python3 ${CMAKE_CURRENT_LIST_DIR}/templates_train.py)
set_tests_properties(templates_train PROPERTIES LABELS system SKIP_RETURN_CODE 77 TIMEOUT 1800 RUN_SERIAL ON
  ENVIRONMENT "WEFT_PROGRAM=${CMAKE_BINARY_DIR}/bin/weft")
if(TARGET weft_mpi)
  # The engine's image, from what is built here and from its sources (half an hour where the compiler's cache is empty), and runs of it.
  add_test(NAME image_runs COMMAND /usr/bin/python3 ${CMAKE_CURRENT_LIST_DIR}/image_runs.py)
  add_test(NAME image_builds COMMAND /usr/bin/python3 ${CMAKE_CURRENT_LIST_DIR}/image_runs.py --from-sources)
  set_tests_properties(image_runs image_builds PROPERTIES LABELS system SKIP_RETURN_CODE 77 TIMEOUT 7200 RUN_SERIAL ON
    ENVIRONMENT "WEFT_BUILD_DIR=${CMAKE_BINARY_DIR}")
  add_test(NAME update_rules_train COMMAND /usr/bin/python3 ${CMAKE_CURRENT_LIST_DIR}/update_rules_train.py)
  set_tests_properties(update_rules_train PROPERTIES LABELS system SKIP_RETURN_CODE 77 TIMEOUT 900 RUN_SERIAL ON
    ENVIRONMENT "WEFT_PROGRAM=${CMAKE_BINARY_DIR}/bin/weft")
  # Hosts as network namespaces, which only root can make.
  foreach(name hosts_train slurm_jobs)
    add_test(NAME ${name} COMMAND /usr/bin/python3 ${CMAKE_CURRENT_LIST_DIR}/${name}.py)
    set_tests_properties(${name} PROPERTIES LABELS system SKIP_RETURN_CODE 77 TIMEOUT 900 RUN_SERIAL ON
      ENVIRONMENT "WEFT_PROGRAM=${CMAKE_BINARY_DIR}/bin/weft")
  endforeach()
endif()
