package io.jenkins.plugins.gitops.core.registry;

import java.util.concurrent.CompletableFuture;

/** One repository of a registry. The futures never fail: failures are a {@link RegistryAnswer} with a problem. */
public interface TagRegistry {
    /** Returns the digest that a tag means now. */
    CompletableFuture<RegistryAnswer> digest(String tag);

    /** Returns the digests of the platforms in an index; none if the digest is not that of an index. */
    CompletableFuture<RegistryAnswer> platformDigests(String digest);
}
