package io.jenkins.plugins.gitops.core.change;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The operation id of a step in a build: {@code job#number/node@start}.
 *
 * @param job full name of the job
 * @param number of the build
 * @param started milliseconds since the epoch; tells builds apart whose numbers began anew with a job of the same name
 */
record BuildOperation(String job, int number, long started) {
    private static final Pattern FORM = Pattern.compile("(.+)#(\\d{1,9})/[^/@]+@([0-9a-z]{1,12})");
    private static final int RADIX = 36;

    /** Empty for an operation that is not a build's. */
    static Optional<BuildOperation> parse(String operationId) {
        Matcher matcher = FORM.matcher(operationId);
        return matcher.matches()
                ? Optional.of(new BuildOperation(
                        matcher.group(1),
                        Integer.parseInt(matcher.group(2)),
                        new BigInteger(matcher.group(3), RADIX).longValue()))
                : Optional.empty();
    }

    /** Whether this is of a later build of the same job. */
    boolean isAfter(BuildOperation other) {
        return job.equals(other.job) && number > other.number && started >= other.started;
    }
}
