package io.jenkins.plugins.gitops.core.git.remote;

import java.util.Collection;
import java.util.List;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.RefSpec;

/** Determines the default branch of a remote. */
public final class DefaultBranch {
    private DefaultBranch() {}

    /**
     * The branch that the remote's {@code HEAD} refers to, as for {@code git clone}. If that branch does not exist, as
     * after {@code git init} and a push to another one, and the remote has a single branch, returns that branch.
     *
     * @return a short name such as main
     * @throws GitRemoteException when the remote cannot be read, or has several branches and no default
     */
    public static String of(String url, GitCredentials access, GitOptions options) throws GitRemoteException {
        RemoteBranch remote = new RemoteBranch(url, Constants.HEAD, access, options);
        for (Ref ref : remote.listRefs(List.of(new RefSpec(Constants.HEAD)))) {
            if (ref.getName().equals(Constants.HEAD)
                    && ref.isSymbolic()
                    && ref.getTarget().getName().startsWith(Constants.R_HEADS)) {
                return Repository.shortenRefName(ref.getTarget().getName());
            }
        }
        return only(
                url,
                remote.listRefs(List.of(new RefSpec(Constants.R_HEADS + "*", RefSpec.WildcardMode.ALLOW_MISMATCH))));
    }

    private static String only(String url, Collection<Ref> refs) throws GitRemoteException {
        List<String> branches = refs.stream()
                .map(Ref::getName)
                .filter(name -> name.startsWith(Constants.R_HEADS))
                .map(Repository::shortenRefName)
                .toList();
        if (branches.size() == 1) {
            return branches.get(0);
        }
        throw new GitRemoteException(
                url + (branches.isEmpty() ? " has no branch" : " names no default branch, and has several branches"),
                branches.isEmpty() ? "Push a first commit" : "Name the branch, such as " + branches.get(0));
    }
}
