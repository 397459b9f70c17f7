package io.jenkins.plugins.gitops.core.change;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The operation id of a step in a build: {@code job#number/node@start}, with a {@code +} behind it when the job is a branch of a
 * multibranch project.
 *
 * @param job full name of the job
 * @param number of the build
 * @param started milliseconds since the epoch; tells builds apart whose numbers began anew with a job of the same name
 * @param ofBranch whether the job is one of several for the branches of one project
 */
record OperationId(String job, int number, long started, boolean ofBranch) {
    private static final Pattern FORM = Pattern.compile("(.+)#(\\d{1,9})/[^/@]+@([0-9a-z]{1,12})(\\+?)");
    private static final int RADIX = 36;

    /** Empty for an operation that is not a build's. */
    static Optional<OperationId> parse(String operationId) {
        Matcher matcher = FORM.matcher(operationId);
        return matcher.matches()
                ? Optional.of(new OperationId(
                        matcher.group(1),
                        Integer.parseInt(matcher.group(2)),
                        new BigInteger(matcher.group(3), RADIX).longValue(),
                        !matcher.group(4).isEmpty()))
                : Optional.empty();
    }

    /**
     * Whether this is of a later build of the same job; of another branch of the same project, whether it is of a build that
     * started later, since numbers of two jobs say nothing about each other.
     */
    boolean isAfter(OperationId other) {
        if (job.equals(other.job)) {
            return number > other.number && started >= other.started;
        }
        // A build from before branches were marked is of a branch when the other one knows the project.
        boolean oneLine = (ofBranch || other.ofBranch)
                && !project().isEmpty()
                && project().equals(other.project());
        return oneLine && started > other.started;
    }

    private String project() {
        int slash = job.lastIndexOf('/');
        return slash < 0 ? "" : job.substring(0, slash);
    }
}
