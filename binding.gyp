{
  "targets": [
    {
      "target_name": "model_collapse",
      "sources": [
        "native/addon.cc",
        "native/ancestors.cc",
        "native/categorical.cc",
        "native/categorical-begin.cc",
        "native/categorical-lanes.cc",
        "native/categorical-replace.cc",
        "native/categorical-state.cc",
        "native/four-columns.cc",
        "native/gaussian-state.cc",
        "native/gaussian.cc",
        "native/job-fields.cc",
        "native/job-reader-regression.cc",
        "native/job-reader.cc",
        "native/jump.cc",
        "native/lane-records.cc",
        "native/lane-runner.cc",
        "native/loop.cc",
        "native/ngram-addon.cc",
        "native/ngram-fit.cc",
        "native/ngram-metrics.cc",
        "native/ngram-reader.cc",
        "native/ngram-sample.cc",
        "native/ngram-sources.cc",
        "native/ngram-state.cc",
        "native/ngram.cc",
        "native/pool.cc",
        "native/probes-matrix.cc",
        "native/probes.cc",
        "native/regression-draw.cc",
        "native/regression.cc",
        "native/sources.cc",
        "native/two-runner.cc",
        "native/weighted.cc"
      ],
      "conditions": [
        ["target_arch=='x64'", {"sources": ["native/lanes-avx2.cc", "native/lanes-avx512.cc"]}],
        ["target_arch=='arm64'", {"sources": ["native/lanes-neon.cc"]}]
      ],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_CPP_EXCEPTIONS", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"],
      "cflags!": ["-fno-exceptions"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti"],
      "cflags_cc": ["-std=c++17", "-O3", "-ffp-contract=off", "-Wall", "-Wextra", "-Wno-unused-parameter"],
      "xcode_settings": {
        "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
        "CLANG_CXX_LIBRARY": "libc++",
        "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
        "MACOSX_DEPLOYMENT_TARGET": "11.0",
        "OTHER_CPLUSPLUSFLAGS": ["-O3", "-ffp-contract=off"]
      }
    }
  ]
}
