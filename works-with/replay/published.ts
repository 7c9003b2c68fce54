/**
 * Real changes of public packages: two published versions that carry their tests, each with the digest that it is fetched by.
 *
 * A new row: write any digest, and the command says which one the registry has.
 */
import type { Package, Version } from './fetch-published';

export interface PublishedChange extends Package {
  from: Version;
  to: Version;
}

/** Each version with the one that follows it in the list. */
function releases(ecosystem: Package['ecosystem'], name: string, versions: Record<string, string>): PublishedChange[] {
  const all = Object.entries(versions).map(([version, hash]) => ({ version, hash }));
  return all.slice(1).map((to, index) => ({ ecosystem, name, from: all[index] ?? to, to }));
}

export const PUBLISHED: readonly PublishedChange[] = [
  ...releases('go', 'github.com/yuin/goldmark', {
    'v1.7.4': 'h1:BDXOHExt+A7gwPCJgPIIq7ENvceR7we7rOS9TNoLZeg=',
    'v1.7.5': 'h1:ekTA+pa72CEE23b+Cr+9Z7Xq8/rpKdRMqqyauGO5RNE=',
  }),
  ...releases('go', 'github.com/yuin/goldmark', {
    'v1.7.6': 'h1:cZgJxVh5mL5cu8KOnwxvFJy5TFB0BHUskZZyq7TYbDg=',
    'v1.7.7': 'h1:5m9rrB1sW3JUMToKFQfb+FGt1U7r57IHu5GrYrG2nqU=',
  }),
  ...releases('go', 'github.com/yuin/goldmark', {
    'v1.7.10': 'h1:S+LrtBjRmqMac2UdtB6yyCEJm+UILZ2fefI4p7o0QpI=',
    'v1.7.11': 'h1:ZCxLyDMtz0nT2HFfsYG8WZ47Trip2+JyLysKcMYE5bo=',
  }),
  ...releases('go', 'github.com/yuin/goldmark', {
    'v1.7.13': 'h1:GPddIs617DnBLFFVJFgpo1aBfe/4xcvMc3SB5t/D0pA=',
    'v1.7.14': 'h1:9F3UqVQdZ5GG5y6TU0l1TbbDhZmqfevaOcinQt88Qi8=',
  }),
  ...releases('go', 'github.com/yuin/goldmark', {
    'v1.7.16': 'h1:n+CJdUxaFMiDUNnWC3dMWCIQJSkxH4uz3ZwQBkAlVNE=',
    'v1.7.17': 'h1:p36OVWwRb246iHxA/U4p8OPEpOTESm4n+g+8t0EE5uA=',
  }),
  ...releases('go', 'github.com/yuin/goldmark', {
    'v1.8.5': 'h1:r6N5afV5qj/5S4UTch8agZHJ8UxNCMwX7WjkkJam2NA=',
    'v1.8.6': 'h1:d0VcaP1sx9GkFVkoW+KtggpGi2KZ965i14b0+bDQST4=',
  }),
  ...releases('go', 'github.com/spf13/pflag', {
    'v1.0.6': 'h1:jFzHGLGAlb3ruxLB8MhbI6A8+AQX/2eW4qeyNZXNp2o=',
    'v1.0.7': 'h1:vN6T9TfwStFPFM5XzjsvmzZkLuaLX+HS+0SeFLRgU6M=',
    'v1.0.8': 'h1:/v546uKZ4gFGHpyXvV6CNKDeJBu4l5PRvxwQvdWrc0I=',
    'v1.0.9': 'h1:9exaQaMOCwffKiiiYk6/BndUBv+iRViNW+4lEMi0PvY=',
  }),
  ...releases('go', 'github.com/hashicorp/go-version', {
    'v1.2.0': 'h1:3vNe/fWF5CBgRIguda1meWhsZHy3m8gCJ5wx+dIzX/E=',
    'v1.2.1': 'h1:zEfKbn2+PDgroKdiOzqiE8rsmLqU2uwi5PB5pBJ3TkI=',
    'v1.3.0': 'h1:McDWVJIU/y+u1BRV06dPaLfLCaT7fUTJLp5r04x7iNw=',
    'v1.4.0': 'h1:aAQzgqIrRKRa7w75CKpbBxYsmUoPjzVm1W59ca1L0J4=',
    'v1.6.0': 'h1:feTTfFNnjP967rlCxM/I9g701jU+RN74YKx2mOkIeek=',
  }),
  ...releases('go', 'github.com/Masterminds/semver/v3', {
    'v3.2.0': 'h1:3MEsd0SM6jqZojhjLWWeBY+Kcjy9i6MQAeY7YgDP83g=',
    'v3.2.1': 'h1:RN9w6+7QoMeJVGyfmbcgs28Br8cvmnucEXnY0rYXWg0=',
  }),
  ...releases('go', 'github.com/Masterminds/semver/v3', {
    'v3.3.0': 'h1:B8LGeaivUe71a5qox1ICM/JLl0NqZSW5CHyL+hmvYS0=',
    'v3.3.1': 'h1:QtNSWtVZ3nBfk8mAOu/B6v7FMJ+NHTIgUPi7rj+4nv4=',
    'v3.4.0': 'h1:Zog+i5UMtVoCU8oKka5P7i9q9HgrJeGzI9SA1Xbatp0=',
  }),
  ...releases('go', 'github.com/rivo/uniseg', {
    'v0.4.3': 'h1:utMvzDsuh3suAEnhH0RdHmoPbU648o6CvXxTx4SBMOw=',
    'v0.4.4': 'h1:8TfxU8dW6PdqD27gjM8MVNuicgxIjxpm4K7x4jp8sis=',
  }),
  ...releases('go', 'github.com/rivo/uniseg', {
    'v0.4.6': 'h1:Sovz9sDSwbOz9tgUy8JpT+KgCkPYJEN/oYzlJiYTNLg=',
    'v0.4.7': 'h1:WUdvkW8uEhrYfLC4ZzdpI2ztxP1I582+49Oc5Mq64VQ=',
  }),
  ...releases('go', 'github.com/tidwall/gjson', {
    'v1.17.0': 'h1:/Jocvlh98kcTfpN2+JzGQWQcqrPQwDrVEMApx/M5ZwM=',
    'v1.17.1': 'h1:wlYEnwqAHgzmhNUFfw7Xalt2JzQvsMx2Se4PcoFCT/U=',
  }),
  ...releases('go', 'github.com/BurntSushi/toml', {
    'v1.3.0': 'h1:Ws8e5YmnrGEHzZEzg0YvK/7COGYtTC5PbaH9oSSbgfA=',
    'v1.3.2': 'h1:o7IhLm0Msx3BaB+n3Ag7L8EVlByGnpq14C4YWiu/gL8=',
  }),
  ...releases('crate', 'bytes', {
    '1.7.1': '8318a53db07bb3f8dca91a600466bdb3f2eaadeedfdbcf02e1accbad9271ba50',
    '1.7.2': '428d9aa8fbc0670b7b8d6030a7fadd0f86151cae55e4dbbece15f3780a3dfaf3',
    '1.8.0': '9ac0150caa2ae65ca5bd83f25c7de183dea78d4d366469f148435e2acfbad0da',
    '1.9.0': '325918d6fe32f23b19878fe4b34794ae41fc19ddbe53b10571a4874d44ffd39b',
  }),
  ...releases('crate', 'bytes', {
    '1.10.0': 'f61dac84819c6588b558454b194026eb1f09c293b9036ae9b159e74e73ab6cf9',
    '1.10.1': 'd71b6127be86fdcfddb610f7182ac57211d4b18a3e9c82eb2d17662f2227ad6a',
  }),
  ...releases('crate', 'arrayvec', {
    '0.7.4': '96d30a06541fbafbc7f82ed10c06164cfbd2c401138f6addd8404629c4b16711',
    '0.7.5': 'e74af30536aa51ee717f837b749c4a27467fa1dd63e9bae4b7f6dfb050f1e703',
  }),
  ...releases('pypi', 'more-itertools', {
    '10.3.0': 'e5d93ef411224fbcef366a6e8ddc4c5781bc6359d43412a65dd5964e46111463',
    '10.4.0': 'fe0e63c4ab068eac62410ab05cccca2dc71ec44ba8ef29916a0090df061cf923',
    '10.5.0': '5482bfef7849c25dc3c6dd53a6173ae4795da2a41a80faea6700d9f5846c5da6',
  }),
  ...releases('pypi', 'mistune', {
    '3.1.0': 'dbcac2f78292b9dc066cd03b7a3a26b62d85f8159f2ea5fd28e55df79908d667',
    '3.1.1': 'e0740d635f515119f7d1feb6f9b192ee60f0cc649f80a8f944f905706a21654c',
  }),
  ...releases('pypi', 'xmltodict', {
    '0.14.1': '338c8431e4fc554517651972d62f06958718f6262b04316917008e8fd677a6b0',
    '0.14.2': '201e7c28bb210e374999d1dde6382923ab0ed1a8a5faeece48ab525b7810a553',
  }),
  ...releases('npm', 'fastq', {
    '1.17.1': 'sha512-sRVD3lWVIXWg6By68ZN7vho9a1pQcN/WBFaAAsDDFzlJjvoGx0P8z7V1t72grFJfJhu3YPZBuu25f7Kaw2jN1w==',
    '1.18.0': 'sha512-QKHXPW0hD8g4UET03SdOdunzSouc9N4AuHdsX8XNcTsuz+yYFILVNIX4l9yHABMhiEI9Db0JTTIpu0wB+Y1QQw==',
  }),
  ...releases('npm', 'secure-json-parse', {
    '3.0.2': 'sha512-H6nS2o8bWfpFEV6U38sOSjS7bTbdgbCGU9wEM6W14P5H0QOsz94KCusifV44GpHDTu2nqZbuDNhTzu+mjDSw1w==',
    '4.0.0': 'sha512-dxtLJO6sc35jWidmLxo7ij+Eg48PM/kleBsxpC8QJE0qJICe+KawkDQmvCMZUr9u7WKVHgMW6vy3fQ7zMiFZMA==',
  }),
  ...releases('npm', '@fastify/error', {
    '4.1.0': 'sha512-KeFcciOr1eo/YvIXHP65S94jfEEqn1RxTRBT1aJaHxY5FK0/GDXYozsQMMWlZoHgi8i0s+YtrLsgj/JkUUjSkQ==',
    '4.2.0': 'sha512-RSo3sVDXfHskiBZKBPRgnQTtIqpi/7zhJOEmAxCiBcM7d0uwdGdxLlsCaLzGs8v8NnxIRlfG0N51p5yFaOentQ==',
  }),
  ...releases('npm', 'rfdc', {
    '1.3.1': 'sha512-r5a3l5HzYlIC68TpmYKlxWjmOP6wiPJ1vWv2HeLhNsRZMrCkxeqxiHlQ21oXmQ4F3SiryXBHhAD7JZqvOJjFmg==',
    '1.4.0': 'sha512-P9wEDJ6O2uKNn510yBABRcpDlRapH/i56M+atix0ZtZ3AC4cRMC7uvLeiexM7DoDq5IYUo0dVavRtEL5hoHGuQ==',
  }),
];
