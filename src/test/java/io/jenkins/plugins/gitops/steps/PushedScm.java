package io.jenkins.plugins.gitops.steps;

import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.User;
import hudson.scm.ChangeLogParser;
import hudson.scm.ChangeLogSet;
import hudson.scm.NullSCM;
import hudson.scm.RepositoryBrowser;
import hudson.scm.SCMDescriptor;
import hudson.scm.SCMRevisionState;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Sources with a Jenkinsfile and pushed commits; the change log is what the Git plugin stores. */
final class PushedScm extends NullSCM {
    private final String script;
    private final ArrayList<String> commits = new ArrayList<>();

    PushedScm(String script) {
        this.script = script;
    }

    /** Adds a commit by people written as {@code Name <mail>}. */
    PushedScm commit(String author, String committer) {
        commits.add(String.format(
                "commit %040x%ntree %040x%nparent %040x%nauthor %s 1764400000 +0000%ncommitter %s 1764400000 +0000%n%n"
                        + "    Fix it%n    author Nobody Else <nobody@example.com> 1764400000 +0000%n%n",
                commits.size() + 1, 7, 8, author, committer));
        return this;
    }

    @Override
    public void checkout(
            Run<?, ?> build,
            Launcher launcher,
            FilePath workspace,
            TaskListener listener,
            File changelogFile,
            SCMRevisionState baseline)
            throws IOException, InterruptedException {
        workspace.child("Jenkinsfile").write(script, "UTF-8");
        if (changelogFile != null) {
            Files.writeString(changelogFile.toPath(), String.join("", commits));
        }
    }

    @Override
    public ChangeLogParser createChangeLogParser() {
        return new Parser();
    }

    @Override
    public SCMDescriptor<?> getDescriptor() {
        return new SCMDescriptor<>(null) {};
    }

    private static final class Parser extends ChangeLogParser {
        @Override
        @SuppressWarnings("rawtypes")
        public ChangeLogSet<? extends ChangeLogSet.Entry> parse(
                Run build, RepositoryBrowser<?> browser, File changelogFile) {
            return new PushedChangeLog(build, changelogFile.length() == 0);
        }
    }

    private static final class PushedChangeLog extends ChangeLogSet<PushedCommit> {
        private final boolean empty;

        PushedChangeLog(Run<?, ?> run, boolean empty) {
            super(run, null);
            this.empty = empty;
        }

        @Override
        public boolean isEmptySet() {
            return empty;
        }

        @Override
        public String getKind() {
            return "git";
        }

        @Override
        public Iterator<PushedCommit> iterator() {
            return List.of(new PushedCommit()).iterator();
        }
    }

    /** As in the Git plugin, getAuthor would create a user for any name in a commit. */
    private static final class PushedCommit extends ChangeLogSet.Entry {
        @Override
        public String getMsg() {
            return "Fix it";
        }

        @Override
        public User getAuthor() {
            return User.getById("made-by-looking", true);
        }

        @Override
        public Collection<String> getAffectedPaths() {
            return Set.of();
        }
    }
}
