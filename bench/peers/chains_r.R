# Chains of fully synthetic training in R: live tokens only, the Simpson index of every generation.
#   Rscript chains_r.R FORM SUPPORT EXPONENT REPLICATES GENERATIONS N...     (chains.mjs has the protocol)
# FORM: `rmultinom`   one replicate after the other
#       `vectorised`  conditional binomials, one call of rbinom a token for all replicates of every n
argument <- commandArgs(trailingOnly = TRUE)
form <- argument[1]
support <- as.integer(argument[2])
replicates <- as.integer(argument[4])
generations <- as.integer(argument[5])
sizes <- as.numeric(argument[-(1:5)])
p <- (1:support)^-as.numeric(argument[3])
p <- p / sum(p)

one <- function(n) {
  counts <- p
  simpson <- numeric(16 * n)
  generation <- 0
  repeat {
    counts <- rmultinom(1, n, counts)
    # Squares of integers would overflow.
    counts <- as.numeric(counts[counts > 0])
    generation <- generation + 1
    simpson[generation] <- sum(counts * counts) / (n * n)
    if (generations == 0 && length(counts) == 1) return(generation)
    if (generation == generations) return(simpson[generation])
  }
}

# Rows with their largest counts first: the columns that no row needs are dropped.
compact <- function(counts) {
  rows <- nrow(counts)
  counts <- t(matrix(counts[order(row(counts), -counts)], ncol = rows))
  counts[, seq_len(max(rowSums(counts > 0))), drop = FALSE]
}

together <- function() {
  n <- rep(sizes, each = replicates)
  result <- numeric(length(n))
  alive <- seq_along(n)
  counts <- matrix(p, length(n), support, byrow = TRUE) * n
  generation <- 0
  simpson <- list()
  repeat {
    left <- n
    mass <- n
    drawn <- matrix(0, nrow(counts), ncol(counts))
    for (j in seq_len(ncol(counts) - 1)) {
      drawn[, j] <- rbinom(length(n), left, pmin(1, counts[, j] / pmax(mass, 1e-300)))
      left <- left - drawn[, j]
      mass <- mass - counts[, j]
    }
    drawn[, ncol(counts)] <- left
    counts <- drawn
    generation <- generation + 1
    simpson[[generation]] <- rowSums(counts * counts) / (n * n)
    if (generation == generations) return(split(simpson[[generation]], rep(seq_along(sizes), each = replicates)))
    if (generations == 0) {
      done <- counts[cbind(seq_along(n), max.col(counts, "first"))] == n
      if (any(done)) {
        result[alive[done]] <- generation
        if (all(done)) return(split(result, rep(seq_along(sizes), each = replicates)))
        alive <- alive[!done]
        n <- n[!done]
        counts <- counts[!done, , drop = FALSE]
      }
    }
    counts <- compact(counts)
  }
}

input <- file("stdin", "r")
while (length(line <- readLines(input, n = 1)) > 0) {
  set.seed(as.integer(line))
  started <- proc.time()
  results <- if (form == "vectorised") together() else lapply(sizes, function(n) replicate(replicates, one(n)))
  seconds <- sum((proc.time() - started)[1:2])
  moments <- sapply(results, function(r) c(mean(r), sd(r) / sqrt(replicates)))
  cat(format(c(seconds, moments), digits = 12, trim = TRUE), "\n")
  flush(stdout())
}
