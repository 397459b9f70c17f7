package io.jenkins.plugins.gitops.core.change;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The operation id of a step in a build: {@code job#number/node@start}, followed by {@code +} when the job belongs to a
 * multibranch project.
 *
 * @param job full name of the job
 * @param number of the build
 * @param started milliseconds since the epoch; distinguishes builds with the same number if the job was recreated
 * @param ofBranch whether the job is that of one branch of a multibranch project
 */
record OperationId(String job, int number, long started, boolean ofBranch) {
    private static final Pattern FORM = Pattern.compile("(.+)#(\\d{1,9})/[^/@]+@([0-9a-z]{1,12})(\\+?)");
    private static final int RADIX = 36;

    /** Empty for an operation id that is not of a build. */
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
     * Whether this is a later build of the same job. For another branch of the same project, compares the start times,
     * since the build numbers of two jobs are independent.
     */
    boolean isAfter(OperationId other) {
        if (job.equals(other.job)) {
            return number > other.number && started >= other.started;
        }
        // Earlier versions did not mark branch builds: an unmarked id is of a branch if the other one is marked.
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
