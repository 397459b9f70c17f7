package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.core.delivery.BuildSource;
import io.jenkins.plugins.gitops.core.delivery.BuildSource.ChangeRequest;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMHeadOrigin;
import jenkins.scm.api.mixin.ChangeRequestSCMHead;
import jenkins.scm.api.mixin.TagSCMHead;
import org.junit.Test;

public class BuildSourcesTest {
    /** A change request of a source that identifies forks. */
    static final class Request extends SCMHead implements ChangeRequestSCMHead {
        private static final long serialVersionUID = 1L;
        private final transient SCMHeadOrigin origin;

        Request(String name, SCMHeadOrigin origin) {
            super(name);
            this.origin = origin;
        }

        @NonNull
        @Override
        public SCMHeadOrigin getOrigin() {
            return origin;
        }

        @NonNull
        @Override
        public String getId() {
            return getName();
        }

        @NonNull
        @Override
        public SCMHead getTarget() {
            return new SCMHead("main");
        }
    }

    /** A change request of a source that does not provide its origin. */
    private static final class OldRequest extends SCMHead implements ChangeRequestSCMHead {
        private static final long serialVersionUID = 1L;

        OldRequest() {
            super("CR-1");
        }

        @NonNull
        @Override
        public String getId() {
            return "1";
        }

        @NonNull
        @Override
        public SCMHead getTarget() {
            return new SCMHead("main");
        }
    }

    private static final class ForeignBranch extends SCMHead {
        private static final long serialVersionUID = 1L;

        ForeignBranch() {
            super("topic");
        }

        @NonNull
        @Override
        public SCMHeadOrigin getOrigin() {
            return new SCMHeadOrigin.Fork("mallory");
        }
    }

    private static final class TagHead extends SCMHead implements TagSCMHead {
        private static final long serialVersionUID = 1L;

        TagHead() {
            super("v1");
        }

        @Override
        public long getTimestamp() {
            return 0;
        }
    }

    /** Neither the repository itself nor a fork of it. */
    private static final class OtherOrigin extends SCMHeadOrigin {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean equals(Object other) {
            return other instanceof OtherOrigin;
        }

        @Override
        public int hashCode() {
            return 1;
        }

        @Override
        public String toString() {
            return "other";
        }
    }

    private static BuildSource of(SCMHead head) {
        return BuildSources.of(head, true, "job");
    }

    private static BuildSource request(String name, ChangeRequest whose) {
        return BuildSource.changeRequest(name, whose, "main");
    }

    @Test
    public void readsBranchesTagsAndOtherJobs() {
        assertThat(of(new SCMHead("main")), is(BuildSource.branch("main")));
        assertThat(of(new TagHead()), is(BuildSource.tag("v1")));
        assertThat(BuildSources.of(null, false, "job"), is(BuildSource.unknown()));
    }

    @Test
    public void readsChangeRequests() {
        assertThat(of(new Request("PR-1", SCMHeadOrigin.DEFAULT)), is(request("PR-1", ChangeRequest.SAME_REPOSITORY)));
        assertThat(of(new Request("PR-2", new SCMHeadOrigin.Fork("mallory"))), is(request("PR-2", ChangeRequest.FORK)));
        assertThat(of(new ForeignBranch()), is(BuildSource.changeRequest("topic", ChangeRequest.FORK, null)));
    }

    @Test
    public void unknownSourceIsUntrusted() {
        assertThat(of(null), is(BuildSource.changeRequest("job", ChangeRequest.UNKNOWN, null)));
        assertThat(of(new OldRequest()), is(request("CR-1", ChangeRequest.UNKNOWN)));
        assertThat(of(new Request("PR-3", new OtherOrigin())), is(request("PR-3", ChangeRequest.UNKNOWN)));
    }
}
